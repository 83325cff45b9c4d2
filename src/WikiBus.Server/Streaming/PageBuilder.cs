using System.Buffers;
using WikiBus.Server.Filters;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming;

/// <summary>
/// Formats records into pages. Not safe for concurrent use; kept by <see cref="FrameFeed"/> between reads.
/// </summary>
internal sealed class PageBuilder(ResumeIdWriter ids) : IDisposable
{
    // A page of rare, large records must not leave its buffers behind in every builder.
    private const int KeptBytesMax = 1 << 20;

    private readonly RecordRenderer _renderer = new();
    private readonly List<FrameEntry> _entries = [];
    private ArrayBufferWriter<byte> _frames = new(16 << 10);
    private ArrayBufferWriter<byte> _heads = new(4 << 10);

    /// <summary>Where records are read into.</summary>
    public RecordBatch Batch { get; } = new();

    /// <summary>Makes a page of the batch.</summary>
    public FramePage Build(long from, long next)
    {
        _entries.Clear();
        Clear(ref _frames);
        Clear(ref _heads);
        foreach (var record in Batch.Records)
        {
            _entries.Add(Format(record));
        }

        var plain = new Rendition([.. _entries], _frames.WrittenSpan.ToArray());
        return new FramePage(from, next, plain, _heads.WrittenSpan.ToArray());
    }

    public void Dispose() => Batch.Dispose();

    private static void Clear(ref ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptBytesMax)
        {
            buffer = new ArrayBufferWriter<byte>(16 << 10);
        }

        buffer.ResetWrittenCount();
    }

    private FrameEntry Format(in LogRecord record)
    {
        var start = _frames.WrittenCount;
        _frames.Write("event: message\nid: "u8);
        ids.Write(_frames, record.Stream, record.Offset + 1, record.TimeMs + 1, record.Position + 1);
        _frames.Write("\ndata: "u8);
        var dataStart = _frames.WrittenCount;
        _renderer.Write(record, _frames);
        _frames.Write("\n\n"u8);

        var headStart = _heads.WrittenCount;
        var channel = record.Channel.Span;
        _heads.Write(channel);
        AttributeReader.TryGet(record.Attributes.Span, "wiki"u8, out var wiki);
        _heads.Write(wiki);
        return new FrameEntry
        {
            Position = record.Position,
            Offset = record.Offset,
            TimeMs = record.TimeMs,
            Stream = record.Stream,
            Start = start,
            DataStart = dataStart,
            End = _frames.WrittenCount,
            HeadStart = headStart,
            ChannelLength = channel.Length,
            WikiLength = wiki.Length,
            IsCanary = ChannelParts.HostOf(channel).SequenceEqual("canary"u8),
        };
    }
}
