using System.Net;
using System.Text;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Filling;

/// <summary>
/// Who sends events, and the values that a request gives for filling them. It holds everything that intake needs of a
/// request, so that intake can work on events after the request was answered. Immutable.
/// </summary>
/// <param name="caller">The sender; null: the bus itself, which may send anything.</param>
/// <param name="time">When the events came.</param>
/// <param name="headers">The value for each header field, by <see cref="Cut"/>; null where there is none.</param>
internal sealed class EventOrigin(Caller? caller, DateTimeOffset time, string?[] headers)
{
    private static readonly byte[] s_ownId = Encoding.UTF8.GetBytes(Caller.BusId);

    /// <summary>The id of the sender's key, for the records.</summary>
    public ReadOnlyMemory<byte> Publisher { get; } = caller?.IdBytes ?? s_ownId;

    /// <summary>When the events came; fills a missing <c>meta.dt</c>.</summary>
    public DateTimeOffset Time => time;

    /// <summary>Fills a missing <c>$schema</c>; null: nothing does.</summary>
    public string? SchemaUri { get; init; }

    /// <summary>Fills a missing <c>meta.stream</c>; null: nothing does.</summary>
    public string? Stream { get; init; }

    /// <summary>The client's address as the producer gives it; empty: none.</summary>
    public string GivenAddress { get; init; } = "";

    /// <summary>The addresses that proxies give, separated by commas, the client's first; empty: none.</summary>
    public string ForwardedFor { get; init; } = "";

    /// <summary>The address of the connection's other end.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>The client's address, from the first of these sources that has one.</summary>
    public string? ClientAddress =>
        Cut(GivenAddress) ?? Cut(ForwardedFor.Split(',', 2)[0].Trim()) ?? Text(RemoteAddress);

    /// <summary>
    /// True: no event counts as a repeat, whatever its id. Test events use this, to exercise the disk.
    /// </summary>
    public bool IsAlwaysNew { get; init; }

    /// <summary>True: the sender may publish any event.</summary>
    public bool MayPublishAll { get; } = caller?.MayPublishAll ?? true;

    /// <inheritdoc cref="Caller.FindFault"/>
    public WikiFault FindFault(ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain) =>
        caller?.FindFault(wiki, domain) ?? WikiFault.None;

    /// <summary>True: the sender may publish events of this stream for some wikis at least.</summary>
    public bool MayPublishTo(string stream) => caller?.MayPublishTo(stream) ?? true;

    /// <summary>The value for the header field of this index; null when the request lacks the header.</summary>
    public string? Header(int index) => headers[index];

    /// <summary>The origin of events that the bus itself makes, such as error events.</summary>
    public static EventOrigin Own(DateTimeOffset time, int headerFieldCount) =>
        new(caller: null, time, new string?[headerFieldCount]);

    /// <summary>A header's value as it is filled in: cut to the longest length; null when it is empty.</summary>
    public static string? Cut(string value) => value.Length switch
    {
        0 => null,
        <= HeaderField.ValueCharsMax => value,
        _ => value[..HeaderField.ValueCharsMax],
    };

    private static string? Text(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
}
