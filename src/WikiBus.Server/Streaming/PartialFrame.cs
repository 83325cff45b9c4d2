using System.Buffers;

namespace WikiBus.Server.Streaming;

/// <summary>
/// A frame larger than one write, of which a part has been written. Its page is held until the client has taken all of
/// it, so what all connections hold is limited: who comes when the limit is reached waits before the frame begins. Used
/// by one thread at a time.
/// </summary>
internal sealed class PartialFrame(HeldPages held)
{
    private FramePage? _page;
    private ReadOnlyMemory<byte> _rest;
    private long _bytesWanted;

    /// <summary>True while a part is still to be written.</summary>
    public bool IsOpen => _page is not null;

    /// <summary>True: a frame waits for room, and there is still none.</summary>
    public bool IsWaiting => _bytesWanted > 0 && !held.HasRoomFor(_bytesWanted);

    /// <summary>Begins to write a frame; false, with nothing written, when there is no room for its page now.</summary>
    public bool TryBegin(FramePage page, ReadOnlyMemory<byte> frame, IBufferWriter<byte> output, int bytesMax)
    {
        if (!held.TryHold(page))
        {
            _bytesWanted = page.Bytes;
            return false;
        }

        (_page, _rest, _bytesWanted) = (page, frame, 0);
        WriteNext(output, bytesMax);
        return true;
    }

    /// <summary>Writes the next part.</summary>
    public void WriteNext(IBufferWriter<byte> output, int bytesMax)
    {
        var length = Math.Min(_rest.Length, bytesMax);
        output.Write(_rest.Span[..length]);
        _rest = _rest[length..];
        if (_rest.IsEmpty)
        {
            Close();
        }
    }

    /// <summary>Lets go of what is held.</summary>
    public void Close()
    {
        if (_page is { } page)
        {
            held.Release(page);
        }

        (_page, _rest) = (null, default);
    }
}
