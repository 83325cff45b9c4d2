using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>Reads builders' inputs back from a posted event.</summary>
internal static class CapturedEvent
{
    /// <summary>The recorded wiki.</summary>
    public static readonly WikiSite Site = new()
    {
        Database = "testwiki",
        ServerName = "test.wiki.example.org",
        CanonicalServer = "https://test.wiki.example.org",
        ScriptPath = "",
    };

    private const string Articles = "https://test.wiki.example.org/wiki/";

    public static EventContext ContextOf(JsonElement posted)
    {
        var meta = posted.GetProperty("meta");
        return new EventContext(
            meta.GetProperty("id").GetGuid(),
            meta.GetProperty("request_id").GetString()!,
            meta.GetProperty("dt").GetDateTimeOffset());
    }

    public static string Uri(JsonElement posted) => posted.GetProperty("meta").GetProperty("uri").GetString()!;

    /// <summary>The page of the event's URI; its id does not matter.</summary>
    public static WikiPage PageOfUri(JsonElement posted)
    {
        Uri(posted).ShouldStartWith(Articles);
        return new WikiPage { Id = 1, Title = System.Uri.UnescapeDataString(Uri(posted)[Articles.Length..]) };
    }
}
