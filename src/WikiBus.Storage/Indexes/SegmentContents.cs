using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// All that is known of a segment's records: its index and its ids. Grows with the segment that is appended to; made
/// again by walking a segment whose files are missing.
/// </summary>
internal sealed class SegmentContents(SegmentHeader header, SegmentIndex index, SegmentIds ids, EventTimes times)
{
    private readonly List<RecordEntry> _records = [];

    /// <summary>Ids met on a walk; null when none is under way.</summary>
    private HashSet<ulong>? _keysMet;

    /// <summary>Names met on a walk, so that the records of a stream share one string.</summary>
    private StreamTable? _namesMet;

    public SegmentContents(SegmentHeader header)
        : this(header, new SegmentIndex(header), new SegmentIds(), EventTimes.None)
    {
    }

    public SegmentHeader Header => header;

    public SegmentIndex Index => index;

    public SegmentIds Ids => ids;

    /// <summary>The times that events tell whose ids these are.</summary>
    public EventTimes Times { get; private set; } = times;

    /// <summary>Walks a segment up to an offset.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="LogDamagedException">It is damaged before that offset; says where.</exception>
    public static SegmentContents Read(Segment segment, long endOffset)
    {
        using var file = segment.Open();
        var contents = new SegmentContents(file.Header);
        var scanner = new FrameScanner(file.File, SegmentHeader.Length, endOffset, file.Header.Salt);
        contents.Walk(scanner);
        if (scanner.Offset < endOffset)
        {
            throw new LogDamagedException(
                $"{segment.FilePath} is damaged from byte {scanner.Offset} on. {LogDamagedException.WhatToDo}");
        }

        return contents;
    }

    /// <summary>
    /// Adds frames up to where no intact one stands. Returns what the last one was; null if there was none.
    /// </summary>
    public FrameKind? Walk(FrameScanner scanner)
    {
        FrameKind? last = null;
        _keysMet = [];
        _namesMet = new StreamTable();
        // Records do not keep what time their event told.
        Times = EventTimes.Unknown;
        while (scanner.Next())
        {
            Add(scanner);
            last = scanner.Frame.Kind;
        }

        _keysMet = null;
        _namesMet = null;
        return last;
    }

    /// <summary>Adds a frame that became durable.</summary>
    public void Add(
        long offset, long endOffset, List<RecordEntry> records, List<IdEntry> frameIds, in EventTimes frameTimes)
    {
        ids.InMemory.AddRange(frameIds);
        Times = Times.With(frameTimes);
        index.Add(offset, endOffset, records);
    }

    private void Add(FrameScanner scanner)
    {
        var frame = scanner.Frame;
        _records.Clear();
        if (frame.Kind == FrameKind.Records)
        {
            foreach (var bytes in scanner.Records)
            {
                Add(new RecordView(bytes));
            }
        }

        index.Add(frame.FileOffset, frame.EndOffset, _records);
    }

    private void Add(RecordView record)
    {
        if (!record.IsWellFormed)
        {
            throw new LogDamagedException(
                $"Segment {header.Number} is damaged: behind position {index.EndPosition} stands what is no record.");
        }

        _records.Add(new RecordEntry(_namesMet!.NameOf(record.Stream), record.Position, record.Offset, record.TimeMs));
        if (record.Rule == IdentityRule.AlwaysNew || record.Id.IsEmpty)
        {
            return;
        }

        var key = IdentityHash.Of(header.IdentitySeed, record.Stream, record.Id.Span);
        var content = record.Rule == IdentityRule.IdOnly ? 0 : IdentityHash.Fold(record.ContentHash);
        ids.InMemory.Add(new IdEntry(key, content, record.Position, !_keysMet!.Add(key)));
    }
}
