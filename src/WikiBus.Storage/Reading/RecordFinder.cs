using System.Runtime.CompilerServices;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>Reads single committed records by position. Not safe for concurrent use.</summary>
internal sealed class RecordFinder(LogPublication publication, SegmentSkipper skipper)
{
    private byte[] _header = new byte[4096];
    private byte[] _record = new byte[4096];

    /// <summary>
    /// The record at a position; null if there is none (any more), or it is damaged, so that nobody can be served it.
    /// Valid until the next call.
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
        catch (Exception exception) when (exception is InvalidDataException or LogDamagedException)
        {
            return null;
        }
        catch (IOException) when (position < publication.Current.FirstPosition)
        {
            // Retention took the segment after the snapshot was made.
            return null;
        }
    }

    // The four below are kept apart: inlined into one method they took the compiler a second of processor time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RecordView? Find(SegmentFile segment, long position, long endOffset)
    {
        FrameHeader? found = null;
        for (var offset = skipper.FindFrame(segment.Segment, position); offset < endOffset;)
        {
            if (ReadHeader(segment, offset) is not { } frame || frame.FirstPosition > position)
            {
                break;
            }

            if (frame.Kind == FrameKind.Records)
            {
                found = frame;
            }

            offset = frame.EndOffset;
        }

        return found is { } holder && ReadHeader(segment, holder.FileOffset) is not null
            ? FindIn(segment, holder, position)
            : null;
    }

    /// <summary>
    /// The writer leaves no holes, so that the record's place follows from its position; in a frame with holes
    /// (rewritten) it stands before that place.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RecordView? FindIn(SegmentFile segment, FrameHeader frame, long position)
    {
        var last = (int)Math.Min(position - frame.FirstPosition, frame.RecordCount - 1);
        for (var index = last; index >= 0; index--)
        {
            if (ReadRecord(segment, frame, index) is not { } record || record.Position < position)
            {
                return null;
            }

            if (record.Position == position)
            {
                return record;
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FrameHeader? ReadHeader(SegmentFile segment, long offset)
    {
        var length = segment.File.Read(offset, _header);
        var status = FrameHeader.TryRead(_header.AsSpan(0, length), offset, segment.Header.Salt, out var frame);
        if (status == FrameStatus.Short && length == _header.Length)
        {
            _header = new byte[FrameHeader.LengthFor(FrameHeader.CountOf(_header))];
            length = segment.File.Read(offset, _header);
            status = FrameHeader.TryRead(_header.AsSpan(0, length), offset, segment.Header.Salt, out frame);
        }

        return status == FrameStatus.Valid ? frame : null;
    }

    /// <summary>Reads from the frame whose header was read last.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RecordView? ReadRecord(SegmentFile segment, FrameHeader frame, int index)
    {
        var offset = frame.BodyOffset;
        for (var before = 0; before < index; before++)
        {
            offset += FrameHeader.RecordLength(_header, before);
        }

        var length = FrameHeader.RecordLength(_header, index);
        if (_record.Length < length)
        {
            _record = new byte[length];
        }

        var bytes = _record.AsMemory(0, length);
        var view = new RecordView(bytes);
        return length >= RecordView.FixedLength && segment.File.Read(offset, bytes.Span) == length
            && FrameScanner.IsIntact(bytes.Span) && view.IsWellFormed
            ? view
            : null;
    }
}
