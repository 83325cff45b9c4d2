using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>All differences from Dream that are wanted; <c>docs/compatibility.md</c> lists them, too.</summary>
internal static class DreamDecisions
{
    private const string Xml = "application/xml; charset=utf-8";
    private const string Exception = "application/x-dream-exception+xml; charset=utf-8";

    /// <summary>The decisions, in the order in which they are applied to a step.</summary>
    public static IReadOnlyList<DreamDecision> All { get; } =
    [
        new("malformed documents",
            "A document that cannot be read answers 400 with an error document, where Dream shows an exception as 500.",
            static step => step.Response!.Header("Content-Type") == Exception ? step.Answered(AsError) : null),
        new("media types of documents",
            "A set is XML by its media type. Dream also reads HTML and forms, and then finds no owner in them.",
            static step => step.Is("create set, content types", 6, 9) || step.Is("create, malformed documents", 27)
                ? step.Answered(static answer => answer with { Body = Error(400, "unsupported mime-type: {{ANY}}") })
                : null),
        new("messages without the words of the platform",
            "Messages have no second line such as 'Parameter name: mime', which .NET added.",
            static step => step.Response!.Body.Contains("\nParameter name", StringComparison.Ordinal)
                ? step.Answered(static answer => answer with
                {
                    Body = answer.Body.Replace("\nParameter name: mime", "", StringComparison.Ordinal),
                })
                : null),
        new("keys are not repeated",
            "The URI in an error document has no apikey and no access key, and there is no style sheet.",
            static step => step.Response!.Body.Contains("key=", StringComparison.Ordinal)
                && step.Response.Body.Contains("<error>", StringComparison.Ordinal)
                ? step.Answered(static answer => answer with
                {
                    Body = Regex.Replace(answer.Body, @"\?(apikey|access-key)=[^<]*</uri>", "</uri>",
                        RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)),
                })
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
            static step => HasInternalKey(step.Response!.Body) || step.Deliveries.Any(
                static one => HasInternalKey(one.Request.Text))
                ? WithToken(step)
                : null),
        new("notices of combined sets",
            "Each watcher gets the newest combined set as an event with an id of its own. Dream's have one id.",
            static step => step.Deliveries.Any(IsNotice)
                ? step with { Deliveries = [.. step.Deliveries.Select(static one => IsNotice(one) ? WithAnyId(one) : one)] }
                : null),
        new("output formats",
            "Documents are always XML; dream.out.format is ignored.",
            static step => step.Is("combined set", 15)
                ? step.Answered(static answer => answer with
                {
                    Headers = [("Content-Type", Xml)],
                    Body = "{{ANY}}",
                })
                : null),
    ];

    /// <summary>
    /// Scenarios about files of a queue, which the bus has in its database, and about chains of services.
    /// </summary>
    public static bool IsLeftOut(string scenario) =>
        scenario.StartsWith("persistent queue", StringComparison.Ordinal)
        || scenario.StartsWith("chain", StringComparison.Ordinal);

    /// <summary>Is it a step that is not about this service?</summary>
    public static bool IsLeftOut(DreamStep step) =>
        step.Request!.Path.EndsWith("/publish", StringComparison.Ordinal) || step.Scenario is not
            ("create set" or "create set, content types" or "duplicate owner, duplicate location"
            or "create, malformed documents" or "replace, malformed documents" or "access to the service"
            or "replace: versions" or "replace: owner, key, failure type" or "combined set" or "diagnostics"
            or "access to one set, more");

    private static DreamResponse AsError(DreamResponse answer)
    {
        var message = Regex.Match(
            answer.Body, "<message>(.*?)</message>", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Groups[1].Value;
        var isPlatform = message is "Input string was not in a correct format.";
        var isXml = message.EndsWith("is not well-formed xml", StringComparison.Ordinal);
        var text = isPlatform ? "Unable to parse subscription set: " + message : isXml ? message + ": {{ANY}}" : message;
        return new DreamResponse(400, [("Content-Type", Xml)], Error(400, text));
    }

    private static string Error(int status, string message) =>
        $"<error><status>{status}</status><title>Bad Request</title><message>{message}</message><uri>{{{{ANY}}}}</uri>"
        + "</error>";

    private static bool IsNotice(DreamDelivery delivery) =>
        delivery.Request.Header("X-Dream-Event-Channel") == "pubsub:///set/update";

    private static DreamDelivery WithAnyId(DreamDelivery delivery) => delivery with
    {
        Request = delivery.Request with
        {
            Headers =
            [
                .. delivery.Request.Headers.Select(static header =>
                    header.Name == "X-Dream-Event-Id" ? (header.Name, "{{ANY}}") : header),
            ],
        },
    };

    private static bool HasInternalKey(string? body) =>
        body?.Contains("<value>{{INTERNAL_KEY}}</value>", StringComparison.Ordinal) == true;

    private static DreamStep WithToken(DreamStep step) => step with
    {
        Response = step.Response! with { Body = WithToken(step.Response.Body) },
        Deliveries =
        [
            .. step.Deliveries.Select(static one => one with
            {
                Request = one.Request with { Text = WithToken(one.Request.Text ?? "") },
            }),
        ],
    };

    private static string WithToken(string body) =>
        body.Replace("<value>{{INTERNAL_KEY}}</value>", "<value>{{ANY}}</value>", StringComparison.Ordinal);
}
