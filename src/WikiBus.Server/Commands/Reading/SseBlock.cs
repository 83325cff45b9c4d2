using System.Text;

namespace WikiBus.Server.Commands.Reading;

/// <summary>One block of an event stream.</summary>
/// <param name="Id">Its id; null when it has none.</param>
/// <param name="Event">Its type.</param>
/// <param name="Data">Its data; null in a heartbeat, which only moves the id.</param>
internal sealed record SseBlock(string? Id, string Event, byte[]? Data)
{
    public const string DefaultEvent = "message";

    public static SseBlock Empty { get; } = new(null, DefaultEvent, null);

    /// <summary>The block with one more line.</summary>
    public SseBlock With(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        value = value is [(byte)' ', ..] ? value[1..] : value;
        return Encoding.UTF8.GetString(name) switch
        {
            "id" => this with { Id = Encoding.UTF8.GetString(value) },
            "event" => this with { Event = Encoding.UTF8.GetString(value) },
            "data" => this with { Data = Data is null ? value.ToArray() : [.. Data, (byte)'\n', .. value] },
            _ => this,
        };
    }
}
