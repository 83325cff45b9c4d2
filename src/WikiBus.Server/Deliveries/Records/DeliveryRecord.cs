using System.IO.Hashing;
using System.Text;
using WikiBus.Server.Filters;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Records;

/// <summary>A copy of a record, which deliveries keep until they are settled. Immutable.</summary>
internal sealed class DeliveryRecord
{
    /// <summary>About the bytes of a record without its texts.</summary>
    private const int OverheadBytes = 200;

    public required long Position { get; init; }

    public required string Stream { get; init; }

    public required long Offset { get; init; }

    /// <summary>The time of the append, Unix ms.</summary>
    public required long TimeMs { get; init; }

    /// <summary>A hash of the record's key; 0: it has none. It stays the same over all starts and logs.</summary>
    public required ulong KeyHash { get; init; }

    public required string ContentType { get; init; }

    /// <summary>The event's id, UTF-8.</summary>
    public required byte[] Id { get; init; }

    public required byte[] Channel { get; init; }

    public required byte[] Wiki { get; init; }

    /// <summary>All attributes of the record, to be read with <see cref="AttributeReader"/>.</summary>
    public required byte[] Attributes { get; init; }

    public required byte[] Payload { get; init; }

    /// <summary>The domain of the event.</summary>
    public ReadOnlySpan<byte> Domain => ChannelParts.HostOf(Channel);

    /// <summary>About the bytes that it takes in memory.</summary>
    public int Bytes => OverheadBytes + Id.Length + Channel.Length + Wiki.Length + Attributes.Length + Payload.Length;

    /// <summary>The record as people name it: <c>STREAM@OFFSET</c>.</summary>
    public string Name => RecordName.Of(Stream, Offset);

    public static DeliveryRecord Of(in LogRecord record)
    {
        AttributeReader.TryGet(record.Attributes.Span, "wiki"u8, out var wiki);
        return new DeliveryRecord
        {
            Position = record.Position,
            Stream = record.Stream,
            Offset = record.Offset,
            TimeMs = record.TimeMs,
            KeyHash = HashOf(record.Key.Span),
            ContentType = Encoding.ASCII.GetString(record.ContentType.Span),
            Id = record.Id.ToArray(),
            Channel = record.Channel.ToArray(),
            Wiki = wiki.ToArray(),
            Attributes = record.Attributes.ToArray(),
            Payload = record.Payload.ToArray(),
        };
    }

    /// <summary>The record as the log gives it, without its key.</summary>
    public LogRecord ToLogRecord() => new()
    {
        Position = Position,
        Stream = Stream,
        Offset = Offset,
        TimeMs = TimeMs,
        Key = default,
        Channel = Channel,
        ContentType = Encoding.ASCII.GetBytes(ContentType),
        Id = Id,
        Attributes = Attributes,
        MetaEnd = -1,
        Payload = Payload,
    };

    private static ulong HashOf(ReadOnlySpan<byte> key) =>
        key.IsEmpty ? 0 : Math.Max(1, XxHash3.HashToUInt64(key));
}
