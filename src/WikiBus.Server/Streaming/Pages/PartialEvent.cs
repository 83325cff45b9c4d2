using System.Buffers;
using System.Net;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// An event larger than one write, of which a part has been written. Its bytes are held until the client has taken all
/// of them, and <see cref="HeldPages"/> limits what all connections hold. At the limit a connection waits, if possible
/// before the event is formatted. Used by one thread at a time.
/// </summary>
internal sealed class PartialEvent(HeldPages held, IPAddress network)
{
    private ReadOnlyMemory<byte> _rest;
    private long _bytesHeld;
    private long _bytesWanted;

    /// <summary>True while a part is still to be written.</summary>
    public bool IsOpen => !_rest.IsEmpty;

    /// <summary>An event waits for room, and there is still none.</summary>
    public bool IsWaiting => _bytesWanted > 0 && !TryReserve(_bytesWanted);

    /// <summary>Reserves room for a page that is to be made; false when there is none now.</summary>
    public bool TryReserve(long bytes)
    {
        if (bytes > _bytesHeld && !held.TryHold(network, bytes, _bytesHeld))
        {
            _bytesWanted = bytes;
            return false;
        }

        (_bytesHeld, _bytesWanted) = (Math.Max(bytes, _bytesHeld), 0);
        return true;
    }

    /// <summary>Begins to write an event of a page for which room is reserved.</summary>
    public void Begin(ReadOnlyMemory<byte> bytes, IBufferWriter<byte> output, int bytesMax)
    {
        _rest = bytes;
        WriteNext(output, bytesMax);
    }

    /// <summary>Writes the next part.</summary>
    public void WriteNext(IBufferWriter<byte> output, int bytesMax)
    {
        var length = Math.Min(_rest.Length, bytesMax);
        output.Write(_rest.Span[..length]);
        _rest = _rest[length..];
        ReleaseUnused();
    }

    /// <summary>Gives back room that no event uses.</summary>
    public void ReleaseUnused()
    {
        if (_rest.IsEmpty && _bytesHeld > 0)
        {
            held.Release(network, _bytesHeld);
            _bytesHeld = 0;
        }
    }

    /// <summary>Releases what is held.</summary>
    public void Close()
    {
        _rest = default;
        ReleaseUnused();
    }
}
