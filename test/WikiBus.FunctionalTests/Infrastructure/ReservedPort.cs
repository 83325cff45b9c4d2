using System.Net;
using System.Net.Sockets;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// A free port of 127.0.0.1 for another process. The socket is bound, but does not listen. So the system gives the port
/// to nobody else, and a process that asks for this port, with <c>SO_REUSEADDR</c> as servers do, can listen on it.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
