using System.Buffers.Binary;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// A change as it stands in a frame, behind the record's checksum: kind (1 byte), key length (2), version (8), key,
/// value.
/// Little-endian.
/// </summary>
internal readonly ref struct StateRecord
{
    private const byte Put = 1;
    private const byte Delete = 2;
    private const int FixedLength = 11;

    private StateRecord(bool isDelete, long version, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        IsDelete = isDelete;
        Version = version;
        Key = key;
        Value = value;
    }

    public bool IsDelete { get; }

    public long Version { get; }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Adds a record to a frame; no value deletes the key.</summary>
    public static void Add(FrameBuffer frame, long version, ReadOnlySpan<byte> key, ReadOnlyMemory<byte>? value)
    {
        var content = frame.BeginRecord(FixedLength + key.Length + (value?.Length ?? 0));
        content[0] = value is null ? Delete : Put;
        BinaryPrimitives.WriteUInt16LittleEndian(content[1..], (ushort)key.Length);
        BinaryPrimitives.WriteInt64LittleEndian(content[3..], version);
        key.CopyTo(content[FixedLength..]);
        value?.Span.CopyTo(content[(FixedLength + key.Length)..]);
        frame.EndRecord();
    }

    /// <summary>Reads a record, checksum included; false when it is none although the checksum fits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, out StateRecord change)
    {
        change = default;
        if (record.Length < FrameBuffer.RecordChecksumLength + FixedLength)
        {
            return false;
        }

        var content = record[FrameBuffer.RecordChecksumLength..];
        var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(content[1..]);
        if (content[0] is not (Put or Delete) || keyLength > content.Length - FixedLength)
        {
            return false;
        }

        var version = BinaryPrimitives.ReadInt64LittleEndian(content[3..]);
        var key = content.Slice(FixedLength, keyLength);
        change = new StateRecord(content[0] == Delete, version, key, content[(FixedLength + keyLength)..]);
        return true;
    }
}
