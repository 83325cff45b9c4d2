using System.Buffers.Binary;
using System.Text;

namespace WikiBus.Storage.Records;

/// <summary>
/// A record's bytes as the log holds them (docs/log-format.md, "Records"). The bytes must have passed their checksum.
/// </summary>
internal readonly struct RecordView(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Bytes before the stream's name: the checksum and the fixed fields.</summary>
    public const int FixedLength = 68;

    public const int StreamBytesMax = 200;

    private ReadOnlySpan<byte> Span => bytes.Span;

    /// <summary>All but the checksum.</summary>
    public ReadOnlySpan<byte> Content => Span[4..];

    public long Position => BinaryPrimitives.ReadInt64LittleEndian(Span[4..]);

    public long Offset => BinaryPrimitives.ReadInt64LittleEndian(Span[12..]);

    public long TimeMs => BinaryPrimitives.ReadInt64LittleEndian(Span[20..]);

    public int MetaEnd => BinaryPrimitives.ReadInt32LittleEndian(Span[28..]);

    public UInt128 ContentHash => BinaryPrimitives.ReadUInt128LittleEndian(Span[32..]);

    public IdentityRule Rule => (IdentityRule)Span[48];

    public ReadOnlySpan<byte> Stream => Span.Slice(FixedLength, StreamLength);

    public string StreamText => Encoding.ASCII.GetString(Stream);

    public ReadOnlyMemory<byte> ContentType => bytes.Slice(ContentTypeAt, ContentTypeLength);

    public ReadOnlyMemory<byte> Id => bytes.Slice(IdAt, IdLength);

    public ReadOnlyMemory<byte> Channel => bytes.Slice(ChannelAt, ChannelLength);

    public ReadOnlyMemory<byte> Key => bytes.Slice(KeyAt, KeyLength);

    public ReadOnlyMemory<byte> Attributes => bytes.Slice(AttributesAt, AttributesLength);

    public ReadOnlyMemory<byte> Payload => bytes[PayloadAt..];

    private int StreamLength => Span[49];

    private int ContentTypeLength => BinaryPrimitives.ReadUInt16LittleEndian(Span[50..]);

    private int ChannelLength => BinaryPrimitives.ReadUInt16LittleEndian(Span[52..]);

    private int IdLength => BinaryPrimitives.ReadInt32LittleEndian(Span[56..]);

    private int KeyLength => BinaryPrimitives.ReadInt32LittleEndian(Span[60..]);

    private int AttributesLength => BinaryPrimitives.ReadInt32LittleEndian(Span[64..]);

    private int ContentTypeAt => FixedLength + StreamLength;

    private int IdAt => ContentTypeAt + ContentTypeLength;

    private int ChannelAt => IdAt + IdLength;

    private int KeyAt => ChannelAt + ChannelLength;

    private int AttributesAt => KeyAt + KeyLength;

    private int PayloadAt => AttributesAt + AttributesLength;

    /// <summary>False if the lengths exceed the bytes: this is not a record, although the checksum is right.</summary>
    public bool IsWellFormed => bytes.Length >= FixedLength
        && IdLength >= 0 && KeyLength >= 0 && AttributesLength >= 0
        && (long)ContentTypeAt + ContentTypeLength + IdLength + ChannelLength + KeyLength + AttributesLength
            <= bytes.Length;

    public LogRecord ToRecord(string stream) => new()
    {
        Position = Position,
        Stream = stream,
        Offset = Offset,
        TimeMs = TimeMs,
        Key = Key,
        Channel = Channel,
        ContentType = ContentType,
        Id = Id,
        Attributes = Attributes,
        MetaEnd = MetaEnd,
        Payload = Payload,
    };
}
