using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>Reads single committed records by position. Not safe for concurrent use.</summary>
internal sealed class RecordFinder(LogPublication publication, SegmentSkipper skipper) : IDisposable
{
    private readonly RecordBatch _memory = new();
    private readonly SegmentWindow _window = new(publication.Recent);

    /// <summary>
    /// The record at a position; null if the log has none (any more), or if it is damaged and cannot be served. Valid
    /// until the next call.
    /// </summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public RecordView? Find(long position)
    {
        var snapshot = publication.Current;
        if (position < snapshot.FirstPosition || position >= snapshot.EndPosition)
        {
            return null;
        }

        try
        {
            using var segment = snapshot.FindSegment(position).Open();
            return Find(segment, position, snapshot.EndOffsetOf(segment.Segment));
        }
        catch (LogDamagedException)
        {
            return null;
        }
        catch (IOException) when (position < publication.Current.FirstPosition)
        {
            // Retention deleted the segment after the snapshot was made.
            return null;
        }
    }

    public void Dispose() => _memory.Dispose();

    private RecordView? Find(SegmentFile segment, long position, long endOffset)
    {
        _window.Attach(_memory);
        var cursor = new FrameCursor(skipper.FindFrame(segment.Segment, position), segment.Header.Salt, position);
        while (cursor.Offset < endOffset)
        {
            if (!_window.Contains(cursor.Offset, cursor.BytesNeeded))
            {
                _window.Load(
                    segment, cursor.Offset, Math.Max(SegmentWindow.HeaderBytes, cursor.BytesNeeded), endOffset);
            }

            if (!_window.Contains(cursor.Offset, cursor.BytesNeeded))
            {
                return null;
            }

            if (cursor.TryStep(_window, out var bytes))
            {
                // A later one: the position is a hole.
                return new RecordView(bytes) is var record && record.Position == position ? record : null;
            }

            if (cursor.IsDamaged)
            {
                return null;
            }
        }

        return null;
    }
}
