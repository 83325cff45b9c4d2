using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.Tests;

namespace WikiBus.Producer.Tests.Jobs;

/// <summary>
/// Compares the answers with those of MediaWiki 1.39 in <c>runjob-probes.jsonl</c>. The handlers end as MediaWiki's own
/// jobs did, so everything around them is compared: status, text and order of the members.
/// </summary>
public sealed class RunJobProbeTests
{
    private const string TypeErrors =
        "PHP stops with a type error (500); here this is a fault of the request, see RunJobTests";

    private const string Routing = "the answer is that of the router of the wiki, which is not this library's";
    private const string CrossOrigin = "the answer is that of the wiki's handling of other origins";

    private static readonly Dictionary<string, string> s_leftOut = new(StringComparer.Ordinal)
    {
        ["type is an array"] = TypeErrors,
        ["params is a string"] = TypeErrors,
        ["params is a number"] = TypeErrors,
        ["params is a string, with $wgShowExceptionDetails"] = TypeErrors,
        ["content type application/x-www-form-urlencoded"] = TypeErrors,
        ["unknown path below"] = Routing,
        ["other version"] = Routing,
        ["double slash"] = Routing,
        ["old special page"] = Routing,
        ["with Origin header"] = CrossOrigin,
        ["method OPTIONS"] = CrossOrigin,
    };

    // The recording has these bodies as text, cut off or with replacement characters.
    private static readonly Dictionary<string, byte[]> s_bodies = new(StringComparer.Ordinal)
    {
        ["body is not UTF-8"] = [.. "{\"database\":\""u8, 0xFF, 0xFE, .. "\",\"type\":\"null\",\"params\":{}}"u8],
        ["gzip content-encoding"] = [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00],
        ["body of 9 MB"] = JobWiki.Job("refreshLinks", $$"""{"x":"{{new string('x', 9_000_000)}}"}"""),
    };

    [Fact]
    public async Task RecordedExchanges_GetTheSameAnswers()
    {
        var script = new JobScript();
        await using var wiki = await JobWiki.StartAsync(services => Register(services, script));
        wiki.ExpectedError = "Invalid table";
        await using var readOnly = await JobWiki.StartAsync(
            services => Register(services, script), options => options.RunJob.IsReadOnly = _ => true);
        await using var disabled = await JobWiki.StartAsync(
            services => Register(services, script),
            options =>
            {
                options.EnableRunJob = false;
                options.RunJob.IsReadOnly = _ => true;
            });

        var compared = 0;
        var leftOut = 0;
        foreach (var probe in Recordings.Read("runjob-probes.jsonl"))
        {
            if (s_leftOut.ContainsKey(Text(probe, "name")))
            {
                leftOut++;
                continue;
            }

            var settings = probe.GetProperty("wiki_settings").ToString();
            var asked = settings.Contains("EnableRunJobAPI", StringComparison.Ordinal) ? disabled
                : settings.Contains("ReadOnly", StringComparison.Ordinal) ? readOnly
                : wiki;
            await CompareAsync(asked, probe, script);
            compared++;
        }

        leftOut.ShouldBe(s_leftOut.Count);
        compared.ShouldBe(123 - s_leftOut.Count);
    }

    private static void Register(IServiceCollection services, JobScript script)
    {
        services.AddSingleton(script);
        foreach (var type in (string[])[
            "cdnPurge", "recentChangesUpdate", "enotifNotify", "categoryMembershipChange", "htmlCacheUpdate",
            "watchlistExpiry", "revertedTagUpdate", "refreshLinks", "fixDoubleRedirect", "activityUpdateJob",
            "AssembleUploadChunks", "deletePage"])
        {
            services.AddJobHandler<JobScript.Handler>(type);
        }

        services.AddJobHandler<JobScript.OneTryHandler>("ThumbnailRender");
    }

    private static async Task CompareAsync(JobWiki wiki, JsonElement probe, JobScript script)
    {
        var name = Text(probe, "name");
        var expected = JobWiki.WithoutTime(Text(probe, "response_body"));
        script.Run = (_, _) => Task.FromResult(EndOf(expected));
        var body = s_bodies.GetValueOrDefault(name) ?? Encoding.UTF8.GetBytes(Text(probe, "request_body"));
        var headers = probe.GetProperty("request_headers").EnumerateArray()
            .Select(header => (header[0].GetString()!, header[1].GetString()));

        using var answer = await wiki.SendAsync(
            new HttpMethod(Text(probe, "method")), Text(probe, "path"), headers, body);

        ((int)answer.StatusCode).ShouldBe(probe.GetProperty("status").GetInt32(), name);
        (await JobWiki.ReadAsync(answer)).ShouldBe(expected, name);
        answer.Content.Headers.ContentType?.ToString().ShouldBe("application/json", name);
        string.Join(',', answer.Content.Headers.Allow).ShouldBe(RecordedHeader(probe, "allow"), name);
    }

    // How MediaWiki's job ended, by the answer to it.
    private static JobResult EndOf(string answer)
    {
        using var document = JsonDocument.Parse(answer.Length == 0 ? "{}" : answer);
        var error = document.RootElement.TryGetProperty("error", out var text) ? text.GetString() : null;
        const string ClassOfException = "MWException: ";
        return error switch
        {
            not null when error.StartsWith(ClassOfException, StringComparison.Ordinal) =>
                throw new MWException(error[ClassOfException.Length..]),
            not null when error.StartsWith("The given PageIdentity", StringComparison.Ordinal) =>
                JobResult.Invalid(error),
            null when answer.Contains("\"status\":true", StringComparison.Ordinal) => JobResult.Succeeded,
            _ => JobResult.Failed(error),
        };
    }

    private static string Text(JsonElement probe, string name) => probe.GetProperty(name).GetString() ?? "";

    private static string RecordedHeader(JsonElement probe, string name) =>
        probe.GetProperty("response_headers").EnumerateArray()
            .Where(header => string.Equals(header[0].GetString(), name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header[1].GetString()!)
            .FirstOrDefault("");

    private sealed class MWException(string message) : Exception(message);
}
