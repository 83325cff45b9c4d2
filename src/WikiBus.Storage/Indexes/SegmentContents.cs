using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// What the log knows of a segment's records: its index and its ids. It grows with the segment that is appended to. If
/// a segment's files are missing, it is made again by walking the segment.
/// </summary>
internal sealed class SegmentContents(SegmentHeader header, SegmentIndex index, SegmentIds ids, EventTimes times)
{
    private readonly List<RecordEntry> _records = [];

    /// <summary>Keys of the ids that a walk met; null outside of a walk.</summary>
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

    /// <summary>The times of the events whose ids these are.</summary>
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
    /// Adds frames up to the first place without an intact one. Returns the kind of the last frame; null if there was
    /// none.
    /// </summary>
    public FrameKind? Walk(FrameScanner scanner)
    {
        FrameKind? last = null;
        _keysMet = [];
        _namesMet = new StreamTable();
        // Records do not keep the time of their event.
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
                $"Segment {header.Number} is damaged: a record after position {index.EndPosition} is malformed.");
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
