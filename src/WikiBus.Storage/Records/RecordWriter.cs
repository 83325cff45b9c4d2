using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace WikiBus.Storage.Records;

/// <summary>
/// Encodes drafts as records (docs/log-format.md, "Records"); <see cref="RecordView"/> is its counterpart.
/// </summary>
internal static class RecordWriter
{
    /// <summary>Most bytes of an id and of a key.</summary>
    private const int TextBytesMax = 1 << 20;

    /// <summary>Bytes of the content: the record less its checksum.</summary>
    public static int ContentLength(RecordDraft draft) => checked(
        RecordView.FixedLength - 4 + draft.Stream.Length + draft.ContentType.Length + draft.Id.Length
        + draft.Channel.Length + draft.Key.Length + draft.Attributes.Length + draft.Payload.Length);

    public static void Write(Span<byte> content, RecordDraft draft, long position, long offset, long timeMs)
    {
        Debug.Assert(content.Length == ContentLength(draft), "The content has exactly the draft's length.");
        BinaryPrimitives.WriteInt64LittleEndian(content, position);
        BinaryPrimitives.WriteInt64LittleEndian(content[8..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(content[16..], timeMs);
        BinaryPrimitives.WriteInt32LittleEndian(content[24..], draft.MetaEnd);
        BinaryPrimitives.WriteUInt128LittleEndian(content[28..], draft.Identity.ContentHash);
        content[44] = (byte)draft.Identity.Rule;
        content[45] = (byte)draft.Stream.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(content[46..], (ushort)draft.ContentType.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(content[48..], (ushort)draft.Channel.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(content[50..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(content[52..], draft.Id.Length);
        BinaryPrimitives.WriteInt32LittleEndian(content[56..], draft.Key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(content[60..], draft.Attributes.Length);
        content = content[64..];
        content = content[Encoding.ASCII.GetBytes(draft.Stream, content)..];
        content = Put(content, draft.ContentType.Span);
        content = Put(content, draft.Id.Span);
        content = Put(content, draft.Channel.Span);
        content = Put(content, draft.Key.Span);
        content = Put(content, draft.Attributes.Span);
        Put(content, draft.Payload.Span);
    }

    /// <exception cref="ArgumentException">The draft breaks a limit of the format.</exception>
    public static void Validate(RecordDraft draft)
    {
        if (!IsStreamName(draft.Stream))
        {
            throw new ArgumentException($"'{draft.Stream}' is not a stream name: [A-Za-z0-9._-]{{1,200}}, not . or ..");
        }

        if (draft.ContentType.Length > ushort.MaxValue || draft.Channel.Length > 1024
            || draft.Id.Length > TextBytesMax || draft.Key.Length > TextBytesMax
            || draft.Attributes.Length > AttributeWriter.BytesMax)
        {
            throw new ArgumentException(
                "A record's content type (64 KiB), channel (1 KiB), id, key (1 MiB each) or attributes (16 KiB) "
                + "are too long.");
        }
    }

    private static bool IsStreamName(string name) => name.Length is > 0 and <= RecordView.StreamBytesMax
        && name is not ("." or "..")
        && !name.AsSpan().ContainsAnyExcept(StreamNameCharacters.All);

    private static Span<byte> Put(Span<byte> to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        return to[bytes.Length..];
    }
}
