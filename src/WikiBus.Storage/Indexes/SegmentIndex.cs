using System.Diagnostics;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// Finds records in a segment: by position, by time, by stream and offset. It grows with the segment that is appended
/// to. A sealed segment's index is kept in a file, and can always be made again. Safe for concurrent use; the lock is
/// held for look-ups only, never while a file is read.
/// </summary>
internal sealed class SegmentIndex
{
    /// <summary>At least this number of bytes lies between two marked frames.</summary>
    private const long MarkDistance = 128 * 1024;

    private readonly Lock _gate = new();
    private string? _lastStream;
    private PositionList? _lastList;
    private readonly List<FrameMark> _marks;
    private readonly Dictionary<string, PositionList> _streams;

    public SegmentIndex(SegmentHeader header)
        : this([], new Dictionary<string, PositionList>(StringComparer.Ordinal))
    {
        Salt = header.Salt;
        Number = header.Number;
        EndPosition = header.FirstPosition;
        ClockMaxMs = header.ClockMaxMs;
        EndOffset = SegmentHeader.Length;
    }

    public SegmentIndex(List<FrameMark> marks, Dictionary<string, PositionList> streams)
    {
        _marks = marks;
        _streams = streams;
    }

    /// <summary>The value of <see cref="ClockLagMs"/> that means: any.</summary>
    public const long UnknownLag = -1;

    /// <summary>The segment's salt and number: an index of another file is never used.</summary>
    public ulong Salt { get; init; }

    public long Number { get; init; }

    /// <summary>The position after the last record.</summary>
    public long EndPosition { get; set; }

    /// <summary>The end of the last frame that is in the index.</summary>
    public long EndOffset { get; set; }

    /// <summary>The highest clock of all records up to the end of the segment.</summary>
    public long ClockMaxMs { get; set; }

    /// <summary>
    /// The most that a record's time is below the highest clock before it: 0 unless the clock went back.
    /// </summary>
    public long ClockLagMs { get; set; }

    /// <summary>Time of append of the last record; 0: there is none.</summary>
    public long LastTimeMs { get; set; }

    /// <summary>The same; the highest clock of the records before the segment if it has none.</summary>
    public long EndTimeMs => LastTimeMs > 0 ? LastTimeMs : ClockMaxMs;

    public long RecordCount { get; set; }

    /// <summary>
    /// The log was stopped gracefully, and nothing was appended since: it ends where this index does.
    /// </summary>
    public bool IsLogEnd { get; set; }

    /// <summary>For writing the file; nobody may add meanwhile.</summary>
    public IReadOnlyList<FrameMark> Marks => _marks;

    /// <summary>For writing the file; nobody may add meanwhile.</summary>
    public IReadOnlyDictionary<string, PositionList> Streams => _streams;

    /// <summary>Adds a frame behind all others.</summary>
    public void Add(long offset, long endOffset, List<RecordEntry> records)
    {
        lock (_gate)
        {
            Debug.Assert(offset >= EndOffset && endOffset > offset, "A frame is behind all others.");
            EndOffset = endOffset;
            if (records.Count == 0)
            {
                return;
            }

            if (_marks.Count == 0 || offset - _marks[^1].Offset >= MarkDistance)
            {
                _marks.Add(new FrameMark(records[0].Position, offset, ClockMaxMs));
            }

            foreach (var record in records)
            {
                Add(record);
            }
        }
    }

    /// <summary>Offset of a frame at or before a position.</summary>
    public long FindFrame(long position)
    {
        lock (_gate)
        {
            var index = BinarySearch.Last(_marks, mark => mark.Position <= position);
            return index < 0 ? SegmentHeader.Length : _marks[index].Offset;
        }
    }

    /// <summary>
    /// A position before which no record was appended at or after a time, and the highest clock before it. If possible
    /// there is a record between it and that time.
    /// </summary>
    public (long Position, long ClockMaxMs) FindTime(long timeMs, SegmentHeader header)
    {
        lock (_gate)
        {
            var index = BinarySearch.Last(_marks, mark => mark.ClockMaxMs < timeMs);
            return index < 1
                ? (header.FirstPosition, header.ClockMaxMs)
                : (_marks[index - 1].Position, _marks[index - 1].ClockMaxMs);
        }
    }

    /// <summary>Position of the stream's first record here with at least this offset; -1: there is none.</summary>
    public long FindOffset(string stream, long offset)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(stream, out var list) ? list.Find(offset) : -1;
        }
    }

    /// <summary>The stream's first record here at or after a position; null: there is none.</summary>
    public (long Position, long Offset)? FindFrom(string stream, long position)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(stream, out var list) ? list.FindFrom(position) : null;
        }
    }

    /// <summary>The stream's first record here; null: there is none.</summary>
    public (long Offset, long TimeMs)? FirstOf(string stream)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(stream, out var list) ? (list.FirstOffset, list.FirstTimeMs) : null;
        }
    }

    /// <summary>True if one of the streams has a record here at or after a position.</summary>
    public bool HasAnyOf(IReadOnlySet<string> streams, long position)
    {
        lock (_gate)
        {
            foreach (var stream in streams)
            {
                if (_streams.TryGetValue(stream, out var list) && list.LastPosition >= position)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private void Add(in RecordEntry record)
    {
        Debug.Assert(record.Position >= EndPosition, "Positions grow.");
        // Records of one stream mostly follow each other: most need no look-up.
        if (!ReferenceEquals(record.Stream, _lastStream))
        {
            (_lastStream, _lastList) = (record.Stream, _streams.GetValueOrDefault(record.Stream));
        }

        if (_lastList is { } list)
        {
            list.Add(record.Offset, record.Position);
        }
        else
        {
            list = _lastList = new PositionList(record.Offset, record.Position, [])
            {
                FirstTimeMs = record.TimeMs,
            };
            _streams.Add(record.Stream, list);
        }

        list.LastTimeMs = record.TimeMs;
        RecordCount++;
        EndPosition = record.Position + 1;
        LastTimeMs = record.TimeMs;
        ClockLagMs = Math.Max(ClockLagMs, ClockMaxMs - record.TimeMs);
        ClockMaxMs = Math.Max(ClockMaxMs, record.TimeMs);
    }
}
