using System.Diagnostics;

namespace WikiBus.Storage.Reading;

/// <summary>
/// The bytes of the newest frames, for readers at the head. Frames are written past the page cache, so reading them
/// from the file would ask the disk. This is only a copy of the file's end: a reader that does not find its bytes here
/// reads the file. Safe for concurrent use.
/// </summary>
internal sealed class RecentFrames
{
    /// <summary>Bytes that are kept.</summary>
    private const int BytesMax = 1 << 20;

    /// <summary>Larger frames are read from the file, in pieces that are worth a disk access.</summary>
    private const int FrameBytesMax = BytesMax / 4;

    private readonly Lock _gate = new();

    /// <summary>
    /// Bytes added since somebody asked last. When that is more than is kept, nobody reads at the head: nothing is
    /// copied until somebody asks again.
    /// </summary>
    private long _unread;

    /// <summary>The byte of file offset n is at n modulo the length.</summary>
    private byte[] _ring = [];
    private long _segment;
    private long _start;
    private long _end;

    /// <summary>A frame is durable at an offset of a segment.</summary>
    public void Add(long segment, long offset, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (segment != _segment || offset != _end)
            {
                (_segment, _start) = (segment, offset);
            }

            _end = offset + frame.Length;
            _unread += frame.Length;
            if (frame.Length > FrameBytesMax || _unread > BytesMax)
            {
                _start = _end;
                return;
            }

            if (_ring.Length == 0)
            {
                _ring = GC.AllocateUninitializedArray<byte>(BytesMax);
            }

            _start = Math.Max(_start, _end - BytesMax);
            var (index, count) = Place(offset, frame.Length);
            frame[..count].CopyTo(_ring.AsSpan(index));
            frame[count..].CopyTo(_ring);
        }
    }

    /// <summary>Copies bytes of a segment if all of them are here.</summary>
    public bool TryRead(long segment, long offset, Span<byte> bytes)
    {
        lock (_gate)
        {
            _unread = 0;
            if (segment != _segment || offset < _start || offset + bytes.Length > _end)
            {
                return false;
            }

            var (index, count) = Place(offset, bytes.Length);
            _ring.AsSpan(index, count).CopyTo(bytes);
            _ring.AsSpan(0, bytes.Length - count).CopyTo(bytes[count..]);
            return true;
        }
    }

    /// <summary>Where bytes begin in the ring, and how many of them are before its end.</summary>
    private static (int Index, int Count) Place(long offset, int length)
    {
        Debug.Assert(length <= BytesMax, "The ring holds at most its length.");
        var index = (int)(offset % BytesMax);
        return (index, Math.Min(length, BytesMax - index));
    }
}
