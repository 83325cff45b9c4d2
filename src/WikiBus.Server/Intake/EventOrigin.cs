using System.Net;
using WikiBus.Server.Access;

namespace WikiBus.Server.Intake;

/// <summary>
/// Who sends events and what the request says about them: everything that intake needs of a request, so that events
/// can be worked on after it has been answered.
/// </summary>
internal sealed class EventOrigin
{
    private static readonly byte[] s_ownId = "wikibus"u8.ToArray();

    // Null: the bus itself, which may send anything.
    private readonly Caller? _caller;
    private readonly string?[] _headers;
    private string _clientAddress = "";
    private string _forwardedFor = "";
    private IPAddress? _remoteAddress;

    private EventOrigin(Caller? caller, DateTimeOffset time, string?[] headers)
    {
        _caller = caller;
        Time = time;
        Publisher = caller?.IdBytes ?? s_ownId;
        _headers = headers;
        MayPublishAll = caller?.MayPublishAll ?? true;
    }

    /// <summary>The id of the key that the events came with, for their records.</summary>
    public ReadOnlyMemory<byte> Publisher { get; }

    /// <summary>When the request came; what <c>meta.dt</c> is filled with.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Fills a missing <c>$schema</c>; null: nothing does.</summary>
    public string? SchemaUri { get; private init; }

    /// <summary>Fills a missing <c>meta.stream</c>; null: nothing does.</summary>
    public string? Stream { get; private init; }

    /// <summary>The client's address as a proxy or the producer tells it, else the connection's.</summary>
    public string? ClientAddress =>
        Cut(_clientAddress) ?? Cut(_forwardedFor.Split(',', 2)[0].Trim()) ?? Text(_remoteAddress);

    /// <summary>
    /// True: no event is taken for a repeat, whatever its id (the test events, which are to exercise the disk).
    /// </summary>
    public bool IsAlwaysNew { get; init; }

    /// <summary>True: any event may come from here.</summary>
    public bool MayPublishAll { get; }

    /// <summary>May events of this stream and wiki come from here?</summary>
    public bool MayPublish(string stream, ReadOnlySpan<byte> wiki) => _caller?.MayPublish(stream, wiki) ?? true;

    /// <summary>May events of this stream come from here, if their wiki is granted too?</summary>
    public bool MayPublishTo(string stream) => _caller?.MayPublishTo(stream) ?? true;

    /// <summary>The value for the header field of this index; null when the request lacks the header.</summary>
    public string? Header(int index) => _headers[index];

    /// <summary>What the bus itself sends, such as error events.</summary>
    public static EventOrigin Own(DateTimeOffset time, int headerFieldCount) =>
        new(caller: null, time, new string?[headerFieldCount]);

    public static EventOrigin Of(
        HttpContext context, Caller caller, DateTimeOffset time, IReadOnlyList<HeaderField> fields,
        IntakeOptions options, bool isAlwaysNew = false)
    {
        var headers = new string?[fields.Count];
        for (var index = 0; index < headers.Length; index++)
        {
            headers[index] = Cut(context.Request.Headers[fields[index].Header].ToString());
        }

        return new EventOrigin(caller, time, headers)
        {
            SchemaUri = Parameter(context, options.SchemaUriQueryParam),
            Stream = Parameter(context, options.StreamQueryParam),
            _clientAddress = context.Request.Headers["X-Client-IP"].ToString(),
            _forwardedFor = context.Request.Headers["X-Forwarded-For"].ToString(),
            _remoteAddress = context.Connection.RemoteIpAddress,
            IsAlwaysNew = isAlwaysNew,
        };
    }

    private static string? Parameter(HttpContext context, string name) =>
        name.Length > 0 && context.Request.QueryString.HasValue
            && context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static string? Text(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();

    private static string? Cut(string value) => value.Length switch
    {
        0 => null,
        <= HeaderField.ValueCharsMax => value,
        _ => value[..HeaderField.ValueCharsMax],
    };
}
