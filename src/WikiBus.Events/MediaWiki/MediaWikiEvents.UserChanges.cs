using WikiBus.Events.MediaWiki.Changes;

namespace WikiBus.Events.MediaWiki;

// The stream mediawiki.user_change.v1, which REL1_39 does not have.
public sealed partial class MediaWikiEvents
{
    /// <summary>An account was created: <c>mediawiki.user_change.v1</c> with the kind <c>create</c>.</summary>
    /// <param name="context">
    /// The cause. The time of the event is that of the user's registration, or else that of the context.
    /// </param>
    /// <param name="user">The account, neither of an IP address nor temporary.</param>
    /// <param name="performer">
    /// Who created it: the user itself, or another one with an account that is not temporary. Null if that is not
    /// known.
    /// </param>
    /// <param name="isAutomatic">Whether it was created because the user has an account on another wiki.</param>
    /// <exception cref="ArgumentException">The user or the performer has no account, or a temporary one.</exception>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent UserChangeCreate(
        EventContext context, WikiUser user, WikiUser? performer, bool isAutomatic = false) =>
        UserChange(context, new UserChange("insert", "create", user.Registration ?? context.Time, user, performer)
        {
            IsAutomatic = isAutomatic,
        });

    /// <summary>An account got another name: <c>mediawiki.user_change.v1</c> with the kind <c>rename</c>.</summary>
    /// <param name="context">The cause, with the time of the change.</param>
    /// <param name="user">The account with its new name.</param>
    /// <param name="nameBefore">Its former name.</param>
    /// <param name="performer">Who renamed it; null if that is not known.</param>
    /// <param name="comment">The reason that the performer gave; may be empty.</param>
    /// <exception cref="ArgumentException">
    /// The former name is empty, or the user or the performer has no account, or a temporary one.
    /// </exception>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent UserChangeRename(
        EventContext context, WikiUser user, string nameBefore, WikiUser? performer, string comment) =>
        UserChange(context, new UserChange("update", "rename", context.Time, user, performer)
        {
            Comment = Require.Unicode(comment),
            NameBefore = Require.Name(nameBefore),
        });

    /// <summary>
    /// The groups of a user changed: <c>mediawiki.user_change.v1</c> with the kind <c>groups_change</c>. The event has
    /// all groups in alphabetical order.
    /// </summary>
    /// <param name="context">The cause, with the time of the change.</param>
    /// <param name="user">The user with all groups after the change, also those that nobody gives.</param>
    /// <param name="groupsBefore">All groups before the change, also those that nobody gives.</param>
    /// <param name="performer">Who changed them; null if that is not known, or if the wiki did it itself.</param>
    /// <param name="comment">The reason that the performer gave; null if there is none.</param>
    /// <exception cref="ArgumentException">The user or the performer has no account, or a temporary one.</exception>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent UserChangeGroups(
        EventContext context,
        WikiUser user,
        IReadOnlyList<string> groupsBefore,
        WikiUser? performer,
        string? comment = null) =>
        UserChange(context, new UserChange(
            "update", "groups_change", context.Time, user with { Groups = Sort(user.Groups) }, performer)
        {
            Comment = Require.Unicode(comment),
            GroupsBefore = Sort(Require.Texts(groupsBefore)),
        });

    private static List<string> Sort(IEnumerable<string> groups) => [.. groups.Order(StringComparer.Ordinal)];

    private MediaWikiEvent UserChange(EventContext context, UserChange change)
    {
        RequireCurrent(UserChangeWriter.Stream);
        var stream = NameOf(UserChangeWriter.Stream);
        return new MediaWikiEvent(
            stream, EventKinds.Event, context.Id, UserChangeWriter.Write(site, stream, context.Id, change));
    }
}
