using WikiBus.Server.Options;

namespace WikiBus.Server.Intake.Settings;

/// <summary>Settings of intake, section <c>Intake</c>.</summary>
internal sealed class IntakeOptions : IFeatureOptions
{
    /// <summary>Filters and projections descend into an event on the stack. 1 MiB of it has room for this.</summary>
    public const int NestingLimit = 2_000;

    public static string Section => "Intake";

    /// <summary>Most bytes of a body, inflated. More is answered with 413.</summary>
    public int BodyBytesMax { get; set; } = 16 << 20;

    /// <summary>Most events of a request. More is answered with 413.</summary>
    public int EventCountMax { get; set; } = 10_000;

    /// <summary>Most bytes of one event; a larger one is an <c>error</c> of that event.</summary>
    public int EventBytesMax { get; set; } = 16 << 20;

    /// <summary>Deepest nesting of one event, PHP's own limit; a deeper one is an <c>error</c> of that event.</summary>
    public int NestingMax { get; set; } = 512;

    /// <summary>Most bytes of bodies and records in memory at the same time. More is answered with 503.</summary>
    public long BytesInFlightMax { get; set; } = 128L << 20;

    /// <summary>Most ids that the log keeps in memory to recognise repeats.</summary>
    public int DedupeIdsMax { get; set; } = 1_000_000;

    /// <summary>
    /// Most time from the end of a request's headers to its answer; its body must arrive within it. MediaWiki gives up
    /// after 5 s, and takes a late answer for a success.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The value of <c>Retry-After</c> in an answer 503.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The stream for error events; empty: none are made.</summary>
    public string ErrorStream { get; set; } = "";

    /// <summary>Most error events that wait to be appended; further ones are dropped, and counted.</summary>
    public int ErrorEventsMax { get; set; } = 1_000;

    /// <summary>The <c>emitter_id</c> of error events.</summary>
    public string EmitterId { get; set; } = "wikibus";

    /// <summary>
    /// The events of <c>GET /v1/_test/events</c>: JSON text, or the name of a file that holds it; empty: no such
    /// route.
    /// </summary>
    public string TestEvents { get; set; } = "";

    /// <summary>
    /// Request headers that fill members which an event lacks and its schema declares: <c>HEADER=PATH.TO.MEMBER</c>.
    /// </summary>
    public IReadOnlyList<string> HeaderFields { get; set; } =
        ["x-request-id=meta.request_id", "user-agent=http.request_headers.user-agent"];

    /// <summary>The query parameter that fills a missing <c>$schema</c>; empty: none.</summary>
    public string SchemaUriQueryParam { get; set; } = "";

    /// <summary>The query parameter that fills a missing <c>meta.stream</c>; empty: none.</summary>
    public string StreamQueryParam { get; set; } = "";

    public IEnumerable<OptionFault> Validate() =>
    [
        .. OptionChecks.Within("Intake:BodyBytesMax", BodyBytesMax, 1024, 1 << 30),
        .. OptionChecks.Within("Intake:EventCountMax", EventCountMax, 1, 65_536),
        .. OptionChecks.Within("Intake:EventBytesMax", EventBytesMax, 1024, 1 << 30),
        .. OptionChecks.Within("Intake:NestingMax", NestingMax, 8, NestingLimit),
        .. OptionChecks.Within("Intake:BytesInFlightMax", BytesInFlightMax, 1024, 1L << 40),
        .. OptionChecks.AtLeast("Intake:BytesInFlightMax", BytesInFlightMax, "Intake:BodyBytesMax", BodyBytesMax),
        .. OptionChecks.Within("Intake:DedupeIdsMax", DedupeIdsMax, 0, 100_000_000),
        .. OptionChecks.Within("Intake:ErrorEventsMax", ErrorEventsMax, 1, 1_000_000),
        .. OptionChecks.Within(
            "Intake:Deadline", Deadline, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        .. OptionChecks.Within("Intake:RetryAfter", RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. OptionChecks.That(
            ErrorStream.Length == 0 || WikiBus.Events.StreamName.IsValid(ErrorStream), "Intake:ErrorStream",
            ErrorStream, "a stream's name has 1 to 200 letters, digits, dots, underscores and dashes"),
        .. HeaderFields.SelectMany(field => OptionChecks.That(
            HeaderField.TryParse(field, out _), "Intake:HeaderFields", field, "HEADER=PATH.TO.MEMBER is")),
        .. OptionChecks.That(
            TestEventList.TryRead(TestEvents, out _, out var fault), "Intake:TestEvents", TestEvents,
            fault ?? "JSON text or a file is"),
    ];
}
