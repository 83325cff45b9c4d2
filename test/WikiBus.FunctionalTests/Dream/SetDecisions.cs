using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The decisions about subscription sets.</summary>
internal static class SetDecisions
{
    private const string Xml = "application/xml; charset=utf-8";
    private const string Exception = "application/x-dream-exception+xml; charset=utf-8";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<DreamDecision> All { get; } =
    [
        new("malformed documents",
            "A set that cannot be read answers 400 with an error document; Dream shows an exception as 500.",
            static step => step.Response!.Header("Content-Type") == Exception ? step.Answered(AsError) : null),
        new("media types of sets",
            "A set is XML by its media type. Dream also reads HTML and forms, and then finds no owner in them.",
            static step => step.Is("create set, content types", 6, 9) || step.Is("create, malformed documents", 27)
                ? step.Answered(static answer => answer with { Body = Error(400, "unsupported mime-type: {{ANY}}") })
                : null),
        new("error documents",
            "The URI in an error document has no keys, there is no style sheet, and messages have no words of .NET.",
            static step => step.Response!.Body.Contains("<error>", StringComparison.Ordinal)
                && Regex.IsMatch(step.Response.Body, "key=|\nParameter name", RegexOptions.IgnoreCase, s_limit)
                ? step.Answered(static answer => answer with { Body = WithoutKeys(answer.Body) })
                : null),
        new("a newer version is not 304",
            "A replacement that is applied answers 200; Dream answers 304 if the document has a version.",
            static step => step.Is("replace: versions", 5, 9, 13, 17, 19, 23)
                || step.Is("replace: owner, key, failure type", 14) || step.Is("access to one set, more", 9)
                ? step.Answered(static answer => answer with { Status = 200 })
                : null),
        new("failure durations are shown",
            "A set shows its max-failure-duration, so that what was read can be put back.",
            static step => step.Response!.Body.Contains("max-failures=\"2147483647\"", StringComparison.Ordinal)
                ? step.Answered(static answer => answer with
                {
                    Body = answer.Body.Replace(
                        "max-failures=\"2147483647\"",
                        "max-failures=\"2147483647\" max-failure-duration=\"{{ANY}}\"", StringComparison.Ordinal),
                })
                : null),
        new("only changes count as versions",
            "A refused request does not raise the version of the combined set.",
            static step => step.Is("duplicate owner, duplicate location", 13)
                ? step.Answered(static answer => answer with
                {
                    Body = answer.Body.Replace("version=\"11\"", "version=\"4\"", StringComparison.Ordinal),
                })
                : null),
        new("tokens in combined sets",
            "The cookie of a combined set is a token for publish alone; Dream hands out its internal key.",
            static step => HasInternalKey(step.Response!.Body)
                || step.Deliveries.Any(static one => HasInternalKey(one.Request.Text))
                ? WithToken(step)
                : null),
        new("notices of combined sets",
            "Each watcher gets the newest combined set as an event with an id of its own. Dream's have one id.",
            static step => step.Deliveries.Any(IsNotice)
                ? step.Delivered(static one => [one with { Request = one.Request.With("X-Dream-Event-Id", "{{ANY}}") }])
                : null),
        new("output formats",
            "Documents are always XML; dream.out.format is ignored.",
            static step => step.Is("combined set", 15)
                ? step.Answered(static _ => new DreamResponse(200, [("Content-Type", Xml)], "{{ANY}}"))
                : null),
        new("sets are never removed",
            "A set that fails too often is down, and stays; its owner deletes it. Dream removes it.",
            WithoutRemoval),
    ];

    public static string Error(int status, string message) =>
        $"<error><status>{status}</status><title>Bad Request</title><message>{message}</message><uri>{{{{ANY}}}}</uri>"
        + "</error>";

    private static DreamResponse AsError(DreamResponse answer)
    {
        var message = Regex.Match(answer.Body, "<message>(.*?)</message>", RegexOptions.Singleline, s_limit)
            .Groups[1].Value;
        var isPlatform = message is "Input string was not in a correct format.";
        var isXml = message.EndsWith("is not well-formed xml", StringComparison.Ordinal);
        var text = isPlatform ? "Unable to parse subscription set: " + message
            : isXml ? message + ": {{ANY}}"
            : message;
        return new DreamResponse(400, [("Content-Type", Xml)], Error(400, text));
    }

    private static string WithoutKeys(string body) => Regex.Replace(
        body.Replace("\nParameter name: mime", "", StringComparison.Ordinal),
        @"\?(apikey|access-key)=[^<]*</uri>", "</uri>", RegexOptions.IgnoreCase, s_limit);

    private static DreamStep? WithoutRemoval(DreamStep step) =>
        step.Is("failures: the counter over PUT and DELETE", 5, 8) || step.Is("failure duration: the window expires", 5)
            ? step.Answered(static _ => new DreamResponse(
                409, [("Content-Type", Xml), ("Content-Location", "{{BASE}}/subscribers/loc1")], "{{ANY}}"))
        : step.Is("failures: the counter over PUT and DELETE", 7)
            ? step.Answered(static _ => new DreamResponse(403, [("Content-Type", Xml)], "{{ANY}}"))
        : step.Is("failure duration: the window expires", 4)
            ? step.Answered(static answer => answer with { Body = "{{ANY}}" })
        : step.Scenario.StartsWith("failure", StringComparison.Ordinal) && step.Response!.Status == 403
            && !step.Is("failures: the counter over PUT and DELETE", 10)
            ? step.Answered(static _ => new DreamResponse(200, [("Content-Type", Xml)], "{{ANY}}"))
        : null;

    private static bool IsNotice(DreamDelivery delivery) =>
        delivery.Request.Header("X-Dream-Event-Channel") == "pubsub:///set/update";

    private static bool HasInternalKey(string? body) =>
        body?.Contains("<value>{{INTERNAL_KEY}}</value>", StringComparison.Ordinal) == true;

    private static DreamStep WithToken(DreamStep step) => step
        .Answered(static answer => answer with { Body = WithToken(answer.Body) })
        .Delivered(static one =>
            [one with { Request = one.Request with { Text = WithToken(one.Request.Text ?? "") } }]);

    private static string WithToken(string body) =>
        body.Replace("<value>{{INTERNAL_KEY}}</value>", "<value>{{ANY}}</value>", StringComparison.Ordinal);
}
