using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Reads frames through a window in the batch's memory, record by record. Positions only ever grow within the log,
/// but they may have holes: a record is found by its own position, never by counting.
/// </summary>
internal sealed class EventLogReader(
    LogPublication publication, StreamTable streams, SegmentSkipper skipper, ReadFilter? filter) : LogReader
{
    /// <summary>
    /// Windows that one call fills at most; then it returns, even if the filter refused all that they held.
    /// </summary>
    private const int WindowsPerReadMax = 16;

    private readonly SegmentWindow _window = new(publication.Recent);
    private SegmentFile? _segment;
    private FrameCursor _cursor;
    private long _position;

    /// <summary>Position after the last record that was looked at; <see cref="_cursor"/> stands there.</summary>
    private long _cursorPosition;

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
        for (var windows = 0; windows < WindowsPerReadMax && _position < snapshot.EndPosition;)
        {
            if (!TryEnterHeld(snapshot))
            {
                continue;
            }

            var endOffset = snapshot.EndOffsetOf(_segment!.Segment);
            switch (Walk(batch, endOffset))
            {
                case WalkEnd.EndOfSegment:
                    Leave(snapshot);
                    if (batch.Records.Count > 0)
                    {
                        return true;
                    }

                    break;
                case WalkEnd.BatchIsDone:
                    return true;
                default:
                    if (batch.Records.Count > 0)
                    {
                        return true;
                    }

                    windows++;
                    _window.Load(_segment, _cursor.Offset, Math.Max(bytesMax, _cursor.BytesNeeded), endOffset);
                    RequireBytes(endOffset);
                    break;
            }
        }

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
            // Retention took the segment after the snapshot was made.
            _position = Math.Min(publication.Current.FirstPosition, snapshot.EndPosition);
            return false;
        }
    }

    /// <summary>Stands at the frame of the position; false if the segment was skipped instead.</summary>
    private bool TryEnter(LogSnapshot snapshot)
    {
        var segment = snapshot.FindSegment(_position);
        if (_segment?.Segment == segment && _cursorPosition == _position)
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

        _cursor = new FrameCursor(skipper.FindFrame(segment, _position), _segment.Header.Salt);
        _cursorPosition = _position;
        return true;
    }

    /// <summary>The segment has no more records: go on with the next one, or wait at the end.</summary>
    private void Leave(LogSnapshot snapshot)
    {
        _position = snapshot.EndPositionOf(_segment!.Segment);
        _cursorPosition = _position;
    }

    private WalkEnd Walk(RecordBatch batch, long endOffset)
    {
        while (_cursor.Offset < endOffset)
        {
            if (!_window.Contains(_cursor.Offset, _cursor.BytesNeeded))
            {
                return batch.Records.Count > 0 ? WalkEnd.BatchIsDone : WalkEnd.WindowIsEmpty;
            }

            if (_cursor.TryStep(_window, out var bytes))
            {
                Take(batch, bytes);
            }
            else if (_cursor.IsDamaged)
            {
                // What stands before the damage is served first; the next read begins at the damage, and throws.
                return batch.Records.Count > 0
                    ? WalkEnd.BatchIsDone
                    : throw Damaged(_cursor.Offset, _cursor.BytesNeeded);
            }
        }

        return WalkEnd.EndOfSegment;
    }

    private void Take(RecordBatch batch, ReadOnlyMemory<byte> bytes)
    {
        var record = new RecordView(bytes);
        var position = record.Position;
        if (position < _position)
        {
            return;
        }

        _position = position + 1;
        _cursorPosition = _position;
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

    private void RequireBytes(long endOffset)
    {
        // The window was asked for all that the next step needs: what is missing now is missing in the file.
        if (_cursor.Offset < endOffset && !_window.Contains(_cursor.Offset, _cursor.BytesNeeded))
        {
            throw Damaged(_cursor.Offset, _cursor.BytesNeeded);
        }
    }

    private InvalidDataException Damaged(long offset, int length) => new(
        $"{_segment!.Segment.FilePath} is damaged at bytes {offset} to {offset + length} "
        + $"(positions from {_position} on). Look with 'wikibus log check'.");

    private enum WalkEnd
    {
        EndOfSegment,
        BatchIsDone,
        WindowIsEmpty,
    }
}
