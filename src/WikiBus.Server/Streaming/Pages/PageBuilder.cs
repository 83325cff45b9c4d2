using System.Buffers;
using WikiBus.Server.Filters;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// Formats records into pages. Not safe for concurrent use; <see cref="PageFeed"/> keeps it between reads.
/// </summary>
internal sealed class PageBuilder(ResumeIdWriter ids) : IDisposable
{
    /// <summary>A builder with larger buffers is not kept.</summary>
    private const int KeptBytesMax = 1 << 20;

    /// <summary>Room for what a page holds beside the payload of a large record.</summary>
    private const int LargeRecordExtraBytes = 1 << 10;

    private readonly RecordRenderer _renderer = new();
    private readonly List<PageEntry> _entries = [];
    private readonly ArrayBufferWriter<byte> _events = new(16 << 10);
    private readonly ArrayBufferWriter<byte> _heads = new(4 << 10);

    /// <summary>Gets the records that are read.</summary>
    public RecordBatch Batch { get; } = new();

    /// <summary>Bytes of the batch's payloads.</summary>
    public long PayloadBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var record in Batch.Records)
            {
                bytes += record.Payload.Length;
            }

            return bytes;
        }
    }

    /// <summary>True after rare, large records: the builder, with their buffers, must not be kept.</summary>
    public bool IsLarge => PayloadBytes > KeptBytesMax || _events.Capacity > KeptBytesMax;

    /// <summary>Makes a page of the batch.</summary>
    public EventPage Build(long from, long next)
    {
        _entries.Clear();
        _events.ResetWrittenCount();
        _heads.ResetWrittenCount();
        if (Batch.Records.Count == 1)
        {
            // In one step: growing by doubling would leave several times as much garbage.
            _events.GetSpan(Batch.Records[0].Payload.Length + LargeRecordExtraBytes);
        }

        foreach (var record in Batch.Records)
        {
            _entries.Add(Format(record));
        }

        var plain = new Rendition([.. _entries], _events.WrittenSpan.ToArray());
        return new EventPage(from, next, plain, _heads.WrittenSpan.ToArray());
    }

    public void Dispose() => Batch.Dispose();

    private PageEntry Format(in LogRecord record)
    {
        var start = _events.WrittenCount;
        _events.Write(PageEntry.BeforeId);
        ids.Write(
            _events, new StreamPlace(record.Stream, record.Offset + 1, record.TimeMs + 1), record.Position + 1);
        _events.Write(PageEntry.BeforeData);
        var dataStart = _events.WrittenCount;
        var isSigned = _renderer.Write(record, _events);
        _events.Write("\n\n"u8);

        var headStart = _heads.WrittenCount;
        var channel = record.Channel.Span;
        _heads.Write(channel);
        AttributeReader.TryGet(record.Attributes.Span, "wiki"u8, out var wiki);
        _heads.Write(wiki);
        return new PageEntry
        {
            Position = record.Position,
            Offset = record.Offset,
            TimeMs = record.TimeMs,
            Stream = record.Stream,
            Start = start,
            DataStart = dataStart,
            End = _events.WrittenCount,
            HeadStart = headStart,
            ChannelLength = channel.Length,
            WikiLength = wiki.Length,
            IsCanary = ChannelParts.HostOf(channel).SequenceEqual("canary"u8),
            IsSigned = isSigned,
        };
    }
}
