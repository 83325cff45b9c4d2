using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.RecentChanges;

/// <summary>Writes the event of a recent change (EventBus: <c>EventBusRCFeedFormatter</c>), without nulls.</summary>
internal sealed class RecentChangeWriter(WikiSite site, EventGeneration generation, EventContext context)
{
    public const string Stream = "mediawiki.recentchange";

    private readonly PhpJsonBuilder _json = new();

    public ReadOnlyMemory<byte> Write(RecentChange change)
    {
        var url = WikiUrl.OfPage(site, change.Title.Replace(' ', '_'));
        new EventHead("/mediawiki/recentchange/1.0.0", Stream, url).Begin(_json, site, generation, context);
        WriteCommon(change, url);
        switch (change)
        {
            case RecentEdit edit:
                WriteFlags(edit.IsMinor, edit.IsPatrolled, site.PatrolsChanges);
                WriteOldAndNew("length", edit.OldLength, edit.NewLength);
                WriteOldAndNew("revision", edit.OldRevisionId, edit.NewRevisionId);
                break;
            case RecentCreation creation:
                WriteFlags(creation.IsMinor, creation.IsPatrolled, site.PatrolsChanges || site.PatrolsNewPages);
                WriteOldAndNew("length", old: null, creation.Length);
                WriteOldAndNew("revision", old: null, creation.RevisionId);
                break;
            case RecentLogEntry entry:
                WriteLog(entry);
                break;
        }

        _json.Write("server_url", site.CanonicalServer);
        _json.Write("server_name", site.ServerName);
        _json.Write("server_script_path", site.ScriptPath.Length == 0 ? "/" : site.ScriptPath);
        _json.Write("wiki", site.Database);
        if (change.Comment.Html is { } html)
        {
            _json.Write("parsedcomment", html);
        }

        _json.EndObject();
        return _json.Written;
    }

    private void WriteCommon(RecentChange change, string url)
    {
        if (change.Id is { } id)
        {
            _json.Write("id", id);
        }

        _json.Write("type", change.Type);
        _json.Write("namespace", change.Namespace);
        _json.Write("title", change.Title.Replace('_', ' '));
        if (generation == EventGeneration.Current)
        {
            _json.Write("title_url", url);
        }

        _json.Write("comment", change.Comment.Text);
        _json.Write("timestamp", context.Time.ToUnixTimeSeconds());
        _json.Write("user", change.UserName);
        _json.Write("bot", change.IsBot);
        if (generation == EventGeneration.Current && NotifyQuery(change) is { } query)
        {
            _json.Write("notify_url", $"{site.CanonicalServer}{site.ScriptPath}/index.php{query}");
        }
    }

    // The link with which somebody checks the change.
    private string? NotifyQuery(RecentChange change) => change switch
    {
        RecentEdit edit => DifferenceQuery(change, edit.OldRevisionId, edit.NewRevisionId),
        RecentCreation creation =>
            $"?oldid={creation.RevisionId}{PatrolQuery(change, site.PatrolsChanges || site.PatrolsNewPages)}",
        RecentCategorization moved => DifferenceQuery(change, moved.OldRevisionId, moved.NewRevisionId),
        RecentExternalChange outside => DifferenceQuery(change, outside.OldRevisionId, outside.NewRevisionId),
        _ => null,
    };

    private string DifferenceQuery(RecentChange change, long oldId, long newId) =>
        $"?diff={newId}&oldid={oldId}{PatrolQuery(change, site.PatrolsChanges)}";

    private static string PatrolQuery(RecentChange change, bool isPatrolled) => isPatrolled ? $"&rcid={change.Id}" : "";

    private void WriteFlags(bool isMinor, bool isPatrolled, bool patrols)
    {
        _json.Write("minor", isMinor);
        if (patrols)
        {
            _json.Write("patrolled", isPatrolled);
        }
    }

    private void WriteOldAndNew(string name, long? old, long @new)
    {
        _json.BeginObject(name);
        if (old is not null)
        {
            _json.Write("old", old.Value);
        }

        _json.Write("new", @new);
        _json.EndObject();
    }

    private void WriteLog(RecentLogEntry entry)
    {
        _json.Write("log_id", entry.LogId);
        _json.Write("log_type", entry.LogType);
        _json.Write("log_action", entry.LogAction);
        if (entry.Parameters is { } parameters)
        {
            _json.Write("log_params", parameters);
        }

        if (entry.ActionComment is { } comment)
        {
            _json.Write("log_action_comment", comment);
        }
    }
}
