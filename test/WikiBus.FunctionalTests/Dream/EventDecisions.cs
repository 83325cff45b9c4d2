using System.Text.Json;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The decisions about events and their delivery.</summary>
internal static class EventDecisions
{
    private const string Xml = "application/xml; charset=utf-8";
    private const string Channel = "X-Dream-Event-Channel";
    private const string Origin = "X-Dream-Event-Origin-Uri";
    private const string Via = "X-Dream-Event-Via-Uri";
    private const string Checks = "publish: header checks";
    private const string Bodies = "delivery: bodies";
    private const string Headers = "delivery: headers";
    private const string Several = "matching: several channels and subscriptions in one set";
    private const string Retries = "failure duration: retry in order";

    private static readonly JsonElement s_ok = JsonDocument.Parse("200").RootElement;

    public static IReadOnlyList<DreamDecision> All { get; } =
    [
        new("bodies over HTTP",
            "Events with a body are taken over HTTP. Dream 2.2.4 answers 400, since it cannot copy them.",
            static step => step.Is(Checks, 39) ? Accepted(step, "A", "/q")
                : step.Is(Checks, 41)
                    ? step.Answered(static answer => answer with
                    {
                        Body = SetDecisions.Error(400, "invalid uri syntax: nonsense"),
                    })
                    : null),
        new("empty headers",
            "An empty header is like one that is missing. Dream finds no URI in it.",
            static step => step.Is(Checks, 6)
                ? step.Answered(static answer => answer with
                {
                    Body = SetDecisions.Error(400, "message must specify at least one DreamEventOrigin header"),
                })
                : null),
        new("the scheme pubsub",
            "Nobody publishes on the scheme pubsub, in small or capital letters. Dream compares it exactly.",
            static step => step.Is(Checks, 19) || step.Is("publish: header checks in-process", 7)
                ? step.Answered(static _ => new DreamResponse(403, [("Content-Type", Xml)], "{{ANY}}"))
                : null),
        new("headers with several values",
            "Several values may be on several lines, or on one with commas. Dream's listener takes the last line.",
            static step => step.Is(Checks, 31) ? Accepted(step, "A", "/q", "http://o/1,http://o/2")
                : step.Is(Checks, 32) ? With(step, Origin, "http://o/1,http://o/2")
                : step.Is(Checks, 33) ? With(step, Channel, "event://default/deki/pages/create")
                : step.Is(Checks, 34, 36) ? Refused(step)
                : step.Is("matching: recipients header", 14)
                    ? step with { Deliveries = [Delivery(step, "C", "/proxy1"), Delivery(step, "C", "/proxy2")] }
                    : null),
        new("the same event twice",
            "An event with an id and a content that the log has is stored once. Dream delivers it again.",
            static step => step.Is(Checks, 28) ? step with { Deliveries = [] } : null),
        new("bodies as they came",
            "Each body is delivered byte for byte with its type and all event headers. Dream writes XML anew, drops "
            + "what is not well-formed, and leaves the headers of other types out.",
            AsPublished),
        new("URIs",
            "URIs are passed on as they were given, and have only ASCII characters, as RFC 3986 says. Dream removes "
            + "default ports, and takes other characters.",
            WithUrisAsGiven),
        new("one delivery for each destination",
            "An event that several subscriptions of a set want at one destination is delivered once, for all their "
            + "recipients. Dream delivers it for each subscription.",
            OnePerDestination),
        new("cookies",
            "A set's cookies are sent with its own deliveries only, and cookies of recipients are not kept. Dream has "
            + "one jar for all.",
            static step => step.Is("delivery: set-cookie", 3, 13, 15, 16, 17)
                || step.Is("failures: what counts as success", 91)
                ? step.Delivered(static one => [one with { Request = one.Request.With("Cookie", null) }])
                : null),
        new("redirects",
            "A redirect is a failure, and is not followed. Dream sends the event and its cookies to the other place.",
            static step => step.Is("failures: what counts as success", 64, 67, 70, 88, 91)
                ? step with { Deliveries = [step.Deliveries[0]] }
                : null),
        new("every event is retried",
            "A delivery that fails is repeated as for webhooks, at last kept as a dead letter, and later events with "
            + "its key wait. Dream drops it, or repeats it in sets with a duration only.",
            WithRetries),
    ];

    private static DreamStep Accepted(DreamStep step, string recipient, string path, string? origin = null)
    {
        var delivery = Delivery(step, recipient, path);
        return step with
        {
            Response = new DreamResponse(200, [("Content-Type", Xml)], "<event id=\"{{ANY}}\" />"),
            Deliveries =
            [
                origin is null ? delivery : delivery with { Request = delivery.Request.With(Origin, origin) },
            ],
        };
    }

    private static DreamStep Refused(DreamStep step) => step with
    {
        Response = new DreamResponse(
            400, [("Content-Type", Xml)],
            SetDecisions.Error(
                400, "Dispatch loop detected: The event has already been dispatched by this service")),
        Deliveries = [],
    };

    private static DreamStep With(DreamStep step, string header, string value) =>
        step.Delivered(one => [one with { Request = one.Request.With(header, value) }]);

    /// <summary>The delivery of a published event as it came.</summary>
    private static DreamDelivery Delivery(DreamStep step, string recipient, string path, string query = "")
    {
        var published = step.Request!;
        var headers = published.Headers.Where(static header =>
            header.Name.StartsWith("X-Dream-Event-", StringComparison.OrdinalIgnoreCase) && header.Value.Length > 0);
        var request = new DreamMessage("POST", path, query, [.. headers], published.Text, published.Bytes)
            .With(Via, published.Header(Via) is { } vias ? vias + ",{{BASE}}" : "{{BASE}}")
            .With("X-Dream-Event-Recipient-Uri", "{{ANY}}")
            .With("Content-Type", published.Header("Content-Type") ?? "application/octet-stream");
        return new DreamDelivery(
            recipient,
            request.Header("X-Dream-Event-Id") is null ? request.With("X-Dream-Event-Id", "{{ANY}}") : request, s_ok);
    }

    private static DreamStep? AsPublished(DreamStep step)
    {
        if (!step.Publishes || step.Response!.Status != 200)
        {
            return null;
        }

        var isLost = step.Is(Bodies, 19, 21) || step.Is(Headers, 6);
        var changed = isLost
            ? step with { Deliveries = [Delivery(step, "A", "/in", step.Scenario == Bodies ? "x=1" : "")] }
            : step.Delivered(one => [AsPublished(step, one)]);
        return changed.Deliveries.Count > 0 ? changed : null;
    }

    private static DreamDelivery AsPublished(DreamStep step, DreamDelivery delivery)
    {
        var (published, request) = (step.Request!, delivery.Request);
        if (request.Header(Channel) is null)
        {
            var made = Delivery(step, delivery.Recipient, request.Path, request.Query);
            return made with { Answered = delivery.Answered };
        }

        return delivery with
        {
            Request = (request with { Text = published.Text, Bytes = published.Bytes })
                .With("Content-Type", published.Header("Content-Type") ?? "application/octet-stream"),
        };
    }

    private static DreamStep? WithUrisAsGiven(DreamStep step) =>
        step.Is("matching: channel patterns", 35)
            ? step.Answered(static _ => new DreamResponse(
                400, [("Content-Type", Xml)],
                SetDecisions.Error(400, "{{ANY}}: Unable to parse subscription: invalid uri syntax: {{ANY}}")))
        : step.Is("matching: channel patterns", 38)
            ? step.Answered(static answer => answer with { Body = "{{ANY}}" })
        : step.Is("matching: channel patterns", 54, 57)
            ? With(step, Channel, step.Request!.Header(Channel)!)
        : step.Is(Headers, 4)
            ? With(
                With(step, Origin, step.Request!.Header(Origin)!),
                "X-Dream-Event-Resource-Uri", step.Request!.Header("X-Dream-Event-Resource-Uri")!)
        : step.Is(Headers, 5)
            ? step with
            {
                Response = new DreamResponse(
                    400, [("Content-Type", Xml)], SetDecisions.Error(400, "invalid uri syntax: {{ANY}}")),
                Deliveries = [],
            }
        : null;

    private static DreamStep? OnePerDestination(DreamStep step)
    {
        if (!step.Is(Several, 2, 3))
        {
            return null;
        }

        var proxy = step.Deliveries.First(static one => one.Request.Path == "/proxy");
        var all = proxy with
        {
            Request = proxy.Request.With("X-Dream-Event-Recipient-Uri", "{{REC_B}}/x,{{REC_B}}/y,{{REC_B}}/z"),
        };

        // Of the set with two subscriptions for /one, and of the other set.
        var ones = step.Deliveries.Where(static one => one.Request.Path == "/one").Take(2);
        var others = step.Deliveries.Where(static one => one.Request.Path is not ("/one" or "/proxy"));
        return step with { Deliveries = [all, .. ones, .. others] };
    }

    private static DreamStep? WithRetries(DreamStep step)
    {
        if (!step.Scenario.StartsWith("failure", StringComparison.Ordinal) || !step.Publishes)
        {
            return null;
        }

        // Dream's own retries were recorded when they happened; here the event of a step arrives in that step.
        var own = step.Deliveries.Where(one => one.Request.Header("X-Dream-Event-Id") is var id
            && (step.Request!.Header("X-Dream-Event-Id") is not { } given || id == given)).ToList();
        var first = own.DistinctBy(static one => (one.Recipient, one.Request.Path)).ToList();
        if (step.Is(Retries, 4, 5) && first.TrueForAll(static one => one.Recipient != "A"))
        {
            first.Add(Delivery(step, "A", "/q"));
        }

        List<DreamDelivery> expected =
        [
            .. first, .. first.Where(IsRepeated).Select(static one => one with { Answered = s_ok }),
        ];
        return expected.SequenceEqual(step.Deliveries) ? null : step with { Deliveries = expected };
    }

    private static bool IsRepeated(DreamDelivery delivery)
    {
        var answered = delivery.Answered;
        var status = answered.ValueKind == JsonValueKind.Object ? answered.GetProperty("status").GetInt32()
            : answered.ValueKind == JsonValueKind.Number ? answered.GetInt32()
            : 0;
        return status is not (>= 200 and < 300 or 304 or 410);
    }
}
