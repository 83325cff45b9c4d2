using System.Diagnostics;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Reads frames through a window in the batch's memory, record by record. Positions only grow, and have holes between
/// frames only. Inside a frame a record is found by counting from the frame's first position; its own position is
/// checked.
/// </summary>
/// <remarks>
/// Invariant: a read returns records, or moves the position, or reports the end. Every step of the cursor moves forward
/// in the file, or finds damage and throws. A read that passes over records continues until it has moved.
/// </remarks>
internal sealed class EventLogReader(
    LogPublication publication, StreamTable streams, SegmentSkipper skipper, ReadFilter? filter) : LogReader
{
    /// <summary>
    /// After this number of bytes a read that moved returns, even if the filter refused all of their records: the
    /// caller shares its thread.
    /// </summary>
    private const long BytesPassedMax = 1 << 20;

    private readonly SegmentWindow _window = new(publication.Recent);
    private SegmentFile? _segment;
    private FrameCursor _cursor;
    private long _position;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override bool Read(RecordBatch batch, int bytesMax = 256 * 1024)
    {
        batch.Clear();
        _window.Attach(batch);
        var snapshot = publication.Current;
        _position = Math.Max(_position, snapshot.FirstPosition);
        var start = _position;
        var bytesPassed = 0L;
        while (_position < snapshot.EndPosition && batch.Records.Count == 0
            && (bytesPassed < BytesPassedMax || _position == start))
        {
            if (TryEnterHeld(snapshot))
            {
                bytesPassed += ReadWindow(batch, bytesMax, snapshot);
            }
        }

        var hasMoved = batch.Records.Count > 0 || _position > start;
        Debug.Assert(hasMoved || _position >= snapshot.EndPosition, "A read moves, or reports the end.");
        return batch.Records.Count > 0 || _position < snapshot.EndPosition;
    }

    public override void Dispose() => _segment?.Dispose();

    private bool TryEnterHeld(LogSnapshot snapshot)
    {
        try
        {
            return TryEnter(snapshot);
        }
        catch (IOException) when (_position < publication.Current.FirstPosition)
        {
            // Retention deleted the segment after the snapshot was made.
            _position = Math.Min(publication.Current.FirstPosition, snapshot.EndPosition);
            return false;
        }
    }

    /// <summary>
    /// Moves the cursor to a frame at or before the position; false if the segment was skipped instead.
    /// </summary>
    private bool TryEnter(LogSnapshot snapshot)
    {
        var segment = snapshot.FindSegment(_position);
        if (_segment?.Segment == segment && _cursor.Position == _position)
        {
            return true;
        }

        if (skipper.Skips(segment, _position, filter))
        {
            _position = snapshot.EndPositionOf(segment);
            return false;
        }

        if (_segment?.Segment != segment)
        {
            _segment?.Dispose();
            _segment = null;
            _segment = segment.Open();
            _window.Clear();
        }

        _cursor = new FrameCursor(skipper.FindFrame(segment, _position), _segment.Header.Salt, _position);
        return true;
    }

    /// <summary>
    /// Takes the records that the window holds from the cursor on, after moving the window if it holds none; returns
    /// the bytes that the window was moved over.
    /// </summary>
    private long ReadWindow(RecordBatch batch, int bytesMax, LogSnapshot snapshot)
    {
        var endOffset = snapshot.EndOffsetOf(_segment!.Segment);
        var bytesPassed = 0L;
        if (_cursor.Offset < endOffset && !_window.Contains(_cursor.Offset, _cursor.BytesNeeded))
        {
            // A header may lead past many records: before it, only a few bytes are read.
            var length = _cursor.IsBeforeHeader ? SegmentWindow.HeaderBytes : bytesMax;
            _window.Load(_segment, _cursor.Offset, Math.Max(length, _cursor.BytesNeeded), endOffset);
            RequireBytes();
            bytesPassed = _window.Length;
        }

        while (_cursor.Offset < endOffset && _window.Contains(_cursor.Offset, _cursor.BytesNeeded))
        {
            if (_cursor.TryStep(_window, out var bytes))
            {
                Take(batch, bytes);
            }
            else if (_cursor.IsDamaged)
            {
                // The records before the damage are served first; the next read begins at the damage, and throws.
                return batch.Records.Count > 0 ? bytesPassed : throw Damaged(_cursor.Offset, _cursor.BytesNeeded);
            }
            else
            {
                // A frame that begins later: the positions before it are holes.
                _position = Math.Max(_position, _cursor.Position);
            }
        }

        if (_cursor.Offset >= endOffset)
        {
            // The segment has no more records: continue with the next one, or wait at the end.
            _position = snapshot.EndPositionOf(_segment.Segment);
        }

        return bytesPassed;
    }

    private void Take(RecordBatch batch, ReadOnlyMemory<byte> bytes)
    {
        var record = new RecordView(bytes);
        _position = record.Position + 1;
        var stream = streams.NameOf(record.Stream);
        if (filter?.Streams is { } wanted && !wanted.Contains(stream))
        {
            return;
        }

        var result = record.ToRecord(stream);
        if (filter?.Header is null || filter.Header(result))
        {
            batch.Add(result);
        }
    }

    private void RequireBytes()
    {
        // The window was asked for all that the next step needs: what is missing now is missing in the file.
        if (!_window.Contains(_cursor.Offset, _cursor.BytesNeeded))
        {
            throw Damaged(_cursor.Offset, _cursor.BytesNeeded);
        }
    }

    private LogDamagedException Damaged(long offset, int length) => new(
        $"{_segment!.Segment.FilePath} is damaged at bytes {offset} to {offset + length} "
        + $"(positions from {_position} on). Look with 'wikibus log check'.");
}
