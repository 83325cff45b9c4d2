namespace WikiBus.Storage.Reading;

/// <summary>
/// The bytes of the frames that were written last, for readers at the head: frames are written past the page cache, so
/// that reading them from the file would ask the disk. A copy of the file's end and nothing else: who does not find
/// bytes here reads the file. Safe for concurrent use.
/// </summary>
internal sealed class RecentFrames
{
    /// <summary>So many bytes are kept.</summary>
    private const int BytesMax = 1 << 20;

    /// <summary>Frames that are larger are read from the file, in pieces that are worth asking the disk for.</summary>
    private const int FrameBytesMax = BytesMax / 4;

    private readonly Lock _gate = new();

    /// <summary>
    /// Bytes added since somebody asked last. When that is more than is kept, nobody reads at the head: nothing is
    /// copied until somebody asks again.
    /// </summary>
    private long _unread;

    /// <summary>The byte of file offset n stands at n modulo the length.</summary>
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

    /// <summary>Where bytes begin in the ring, and how many of them stand before its end.</summary>
    private static (int Index, int Count) Place(long offset, int length)
    {
        var index = (int)(offset % BytesMax);
        return (index, Math.Min(length, BytesMax - index));
    }
}
