using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <content>The events about users.</content>
public sealed partial class MediaWikiEvents
{
    /// <summary>
    /// A user was blocked, or the block was changed: <c>mediawiki.user-blocks-change</c>. EventBus sends nothing when a
    /// block ends.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="target">Who is blocked: a registered user, or one IP address.</param>
    /// <param name="block">The block.</param>
    /// <param name="performer">Who blocked the user.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="before">The block before; null if there was none.</param>
    /// <exception cref="ArgumentException">The reason has a lone surrogate.</exception>
    public MediaWikiEvent UserBlocksChange(
        EventContext context,
        WikiUser target,
        UserBlock block,
        WikiUser performer,
        string reason = "",
        UserBlock? before = null) =>
        BlocksChange(context, target.Name, block, performer, reason, before, json =>
        {
            if (target.Id != 0)
            {
                json.Write("user_id", target.Id);
            }

            json.WriteList("user_groups", target.Groups);
        });

    /// <summary>A range of IP addresses was blocked: <c>mediawiki.user-blocks-change</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="range">The range in the form of MediaWiki, as <c>192.0.2.128/25</c>.</param>
    /// <param name="block">The block.</param>
    /// <param name="performer">Who blocked the range.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="before">The block before; null if there was none.</param>
    /// <exception cref="ArgumentException">The range is blank or too long, or a text has a lone surrogate.</exception>
    public MediaWikiEvent UserBlocksChange(
        EventContext context,
        string range,
        UserBlock block,
        WikiUser performer,
        string reason = "",
        UserBlock? before = null) =>
        BlocksChange(context, Require.Name(range), block, performer, reason, before, static _ => { });

    private MediaWikiEvent BlocksChange(
        EventContext context,
        string target,
        UserBlock block,
        WikiUser performer,
        string reason,
        UserBlock? before,
        Action<PhpJsonBuilder> writeTarget)
    {
        Require.Unicode(reason);
        var page = $"{site.UserNamespace}:{target}".Replace(' ', '_');
        return StateChange(context, "/mediawiki/user/blocks-change/1.1.0", "mediawiki.user-blocks-change", page, json =>
        {
            PerformerWriter.Write(json, performer);
            json.Write("comment", reason);
            json.Write("user_text", target);
            writeTarget(json);
            BlockWriter.Write(json, block);
            if (before is not null)
            {
                json.BeginObject("prior_state");
                BlockWriter.Write(json, before);
                json.EndObject();
            }
        });
    }
}
