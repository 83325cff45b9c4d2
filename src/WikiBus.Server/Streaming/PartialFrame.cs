using System.Buffers;

namespace WikiBus.Server.Streaming;

/// <summary>
/// A frame larger than one write, of which a part has been written. Its page stays in memory as long as all such pages
/// fit the limit; beyond it only the place is kept and the record read again when the client has taken what it was
/// given, so that many clients that do not read cost no memory. Used by one thread at a time.
/// </summary>
internal sealed class PartialFrame(FrameFeed feed, StreamRequest request, IReadOnlySet<string> streams)
{
    private FramePage? _held;
    private long _position;
    private int _written;

    /// <summary>True while a part is still to be written.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>So many bytes of the frame of the record at a position have been written.</summary>
    public void Begin(FramePage page, long position, int written)
    {
        _held = feed.Held.TryHold(page) ? page : null;
        (_position, _written, IsOpen) = (position, written, true);
    }

    /// <summary>Writes the next part.</summary>
    /// <exception cref="IOException">The record has gone meanwhile.</exception>
    public void Write(IBufferWriter<byte> output, int bytesMax)
    {
        var rest = Frame().Span[_written..];
        var length = Math.Min(rest.Length, bytesMax);
        output.Write(rest[..length]);
        _written += length;
        if (length == rest.Length)
        {
            Close();
        }
    }

    public void Close()
    {
        if (_held is { } page)
        {
            feed.Held.Release(page);
        }

        _held = null;
        IsOpen = false;
    }

    /// <summary>Where a frame stands in its rendition, as the request's format has it.</summary>
    public static (int Start, int End) PlaceOf(in FrameEntry entry, StreamFormat format) =>
        format == StreamFormat.ServerSentEvents ? (entry.Start, entry.End) : (entry.DataStart, entry.End - 1);

    private ReadOnlyMemory<byte> Frame() =>
        FrameIn(_held) ?? FrameIn(feed.FindShared(_position, out _)) ?? FrameIn(feed.ReadBehind(_position, streams))
        ?? throw new IOException($"The record at position {_position} has gone while a part of it was written.");

    private ReadOnlyMemory<byte>? FrameIn(FramePage? page)
    {
        if (page?.Show(request.View) is not { } shown
            || shown.IndexOf(_position) is var index && index == shown.Entries.Length
            || shown.Entries[index].Position != _position)
        {
            return null;
        }

        var (start, end) = PlaceOf(shown.Entries[index], request.Format);
        return shown.Bytes.AsMemory(start..end);
    }
}
