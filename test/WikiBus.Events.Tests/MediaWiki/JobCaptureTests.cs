using System.Text;
using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>
/// Every job that a real MediaWiki 1.39 posted is built again from its inputs, byte for byte, with hash and signature.
/// </summary>
public sealed class JobCaptureTests
{
    private const string Category = "categoryMembershipChange";
    private const string Chunks = "AssembleUploadChunks";

    private static readonly MediaWikiEvents s_events = new(CapturedEvent.Site, EventGeneration.Rel139);

    /// <summary>
    /// Two types have rules of their own. <c>categoryMembershipChange</c> is a <c>JobSpecification</c>, which keeps the
    /// order of the parameters, and its <c>revTimestamp</c> does not count. Of <c>AssembleUploadChunks</c>, only
    /// <c>filekey</c> counts.
    /// </summary>
    [Theory]
    [InlineData("by the rule of core's Job", 451)]
    [InlineData(Category, 103)]
    [InlineData(Chunks, 1)]
    [InlineData("not at all", 203)]
    public void RecordedJobs_AreBuiltAgain(string recognised, int count)
    {
        var seen = 0;
        foreach (var (posted, bytes) in Recordings.Events().Where(
            entry => entry.Event.GetProperty("$schema").ValueEquals("/mediawiki/job/1.0.0")
                && RecognisedBy(entry.Event).Equals(recognised, StringComparison.Ordinal)))
        {
            seen++;
            var built = s_events.Job(CapturedEvent.ContextOf(posted), JobOf(posted), Recordings.SecretKey);
            Encoding.UTF8.GetString(built.Json.Span).ShouldBe(Encoding.UTF8.GetString(bytes));
        }

        seen.ShouldBe(count);
    }

    private static string RecognisedBy(JsonElement posted)
    {
        if (!posted.TryGetProperty("sha1", out _))
        {
            return "not at all";
        }

        var type = posted.GetProperty("type").GetString()!;
        return type is Category or Chunks ? type : "by the rule of core's Job";
    }

    private static WikiJob JobOf(JsonElement posted) => new()
    {
        Type = posted.GetProperty("type").GetString()!,
        Parameters = posted.GetProperty("params"),
        ReleaseTime = posted.TryGetProperty("delay_until", out var time) ? time.GetDateTimeOffset() : null,
        Root = posted.TryGetProperty("root_event", out var root)
            ? new RootJob(root.GetProperty("signature").GetString()!, root.GetProperty("dt").GetDateTimeOffset())
            : null,
        Deduplication = RecognisedBy(posted) switch
        {
            "not at all" => null,
            Category => new JobDeduplication { SortsParameters = false, IgnoredParameters = ["revTimestamp"] },
            Chunks => new JobDeduplication { IgnoredParameters = ["filename", "session", "namespace", "title"] },
            _ => new JobDeduplication(),
        },
    };
}
