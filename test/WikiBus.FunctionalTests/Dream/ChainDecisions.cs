using System.Text.Json;
using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>What the decisions of <see cref="DreamDecisions"/> mean for recorded chains of services.</summary>
internal static class ChainDecisions
{
    private const string Upstream = "chain: two services, upstream";
    private const string Wire = "chain on the wire: upstream";
    private const string Http = "chain over real HTTP between two processes";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly JsonElement s_ok = JsonDocument.Parse("200").RootElement;

    /// <summary>A link is tried until it works, so these say nothing about one that Dream gives up.</summary>
    public static bool IsLeftOut(DreamStep step) => step.Scenario == "chain on the wire: upstream answers conflict";

    public static DreamStep Expect(DreamStep step)
    {
        var expected = DreamDecisions.All.Single(static one => one.Name == "bodies as they came").Expect(step) ?? step;
        expected = Decide(expected) with { Deliveries = [.. Decide(expected).Deliveries.Select(Loosen)] };
        return expected.Response is null ? expected : expected.Answered(Loosen);
    }

    /// <summary>Are the deliveries of a step compared? Refused notices are repeated, which takes some time.</summary>
    public static bool HasDeliveries(DreamStep step) => step.Scenario != Wire || step.Number < 5;

    private static DreamStep Decide(DreamStep step) =>

        // Bodies are taken over HTTP, whatever they are, and sets are never removed.
        step.Is(Http, 4, 5, 6, 7, 8, 9) || step.Is(Upstream, 12) ? step with { Deliveries = [Passed(step)] }
        : step.Is(Http, 10) || step.Is(Wire, 12) || step.Is("chain: diamond", 6)
            ? step.Answered(static answer => answer with { Body = "{{ANY}}" })

        // An event that comes again on another way is stored once.
        : step.Is("chain: diamond", 5) ? step with { Deliveries = [] }
        : step;

    private static DreamDelivery Passed(DreamStep step)
    {
        var request = step.Request!;
        var headers = request.Headers.Where(
            static header => header.Name.StartsWith("X-Dream-Event-", StringComparison.Ordinal));
        return new DreamDelivery(
            "A",
            new DreamMessage("POST", "/q", "", [.. headers], request.Text, request.Bytes)
                .With("X-Dream-Event-Id", "{{ANY}}").With("X-Dream-Event-Recipient-Uri", "{{ANY}}")
                .With("X-Dream-Event-Via-Uri", "{{BASE_B}},{{BASE}}")
                .With("Content-Type", request.Header("Content-Type")),
            s_ok);
    }

    // Versions count the changes since the database was made, and keys are tokens.
    private static DreamResponse Loosen(DreamResponse answer) => answer with { Body = Loosen(answer.Body) };

    private static DreamDelivery Loosen(DreamDelivery delivery)
    {
        var request = delivery.Request with { Text = Loosen(delivery.Request.Text ?? "") };
        return delivery with
        {
            Request = request.Header("X-Dream-Event-Id") is null
                ? request
                : request.With("X-Dream-Event-Id", "{{ANY}}"),
        };
    }

    private static string Loosen(string body)
    {
        var text = Regex.Replace(body, " version=\"[0-9]+\"><uri.owner>", " version=\"{{ANY}}\"><uri.owner>",
            RegexOptions.None, s_limit);
        text = text.Replace("<subscription-set><uri.owner>", "<subscription-set max-failures=\"5\"><uri.owner>",
            StringComparison.Ordinal);
        text = Regex.Replace(text, "<value>\\{\\{INTERNAL_KEY[_A-Z]*\\}\\}</value>", "<value>{{ANY}}</value>",
            RegexOptions.None, s_limit);
        return Regex.Replace(text, "upstream://\\{\\{HOST_ID\\}\\}[^<]*", "{{ANY}}", RegexOptions.None, s_limit);
    }
}
