using System.Net;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>The right to one connection, given back by disposing; a second time does nothing.</summary>
internal sealed class ConnectionSlot(ConnectionSlots slots, IPAddress? counted) : IDisposable
{
    private int _isGivenBack;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
        {
            slots.GiveBack(counted);
        }
    }
}
