namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>One event of <c>mediawiki.user_change.v1</c>.</summary>
/// <param name="ChangelogKind">What a copy of all users has to do: <c>insert</c> or <c>update</c>.</param>
/// <param name="Kind">What was done to the account.</param>
/// <param name="Time">When it was done.</param>
/// <param name="User">The account after the change.</param>
/// <param name="Performer">Who did it; null if that is not known.</param>
internal sealed record UserChange(
    string ChangelogKind, string Kind, DateTimeOffset Time, WikiUser User, WikiUser? Performer)
{
    public WikiUser User { get; init; } = Named(User, "user");

    public WikiUser? Performer { get; init; } = Performer is null ? null : Named(Performer, "performer");

    public string? Comment { get; init; }

    public bool? IsAutomatic { get; init; }

    public string? NameBefore { get; init; }

    public IReadOnlyList<string>? GroupsBefore { get; init; }

    private static WikiUser Named(WikiUser user, string name) =>
        user.IsNamed
            ? user
            : throw new ArgumentException($"{user.Name} is not the account of somebody who logs in.", name);
}
