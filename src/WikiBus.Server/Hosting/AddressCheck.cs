using System.Net;
using System.Net.Sockets;

namespace WikiBus.Server.Hosting;

/// <summary>
/// Tries the addresses before anything is opened, and reports a fault in one line. The web server would log several
/// Errors with stack traces. It still does if another program takes an address after this check.
/// </summary>
internal static class AddressCheck
{
    /// <exception cref="StartupException">It cannot listen on an address; the message says which and why.</exception>
    public static void Require(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            if (ListenAddress.TryParse(url, out var listen) && listen!.Port != 0
                && FaultOf(listen) is { } fault)
            {
                throw CannotListen($"failed to bind to {url}: {fault}");
            }
        }
    }

    public static StartupException CannotListen(string fault) => new(
        $"Cannot listen: {fault}; --listen or Hosting:Listen chooses another address", ExitCodes.Failed);

    private static string? FaultOf(ListenAddress listen)
    {
        if (listen.Address is { } address)
        {
            return Bind(address, listen.Port) is { } fault ? TextOf(fault) : null;
        }

        // One of the two loopback addresses is enough, unless another program has the other one.
        var faults = new[] { Bind(IPAddress.Loopback, listen.Port), Bind(IPAddress.IPv6Loopback, listen.Port) };
        return Array.Find(faults, static fault => fault?.SocketErrorCode == SocketError.AddressAlreadyInUse) is { } used
            ? TextOf(used)
            : Array.TrueForAll(faults, static fault => fault is not null) ? TextOf(faults[0]!) : null;
    }

    private static SocketException? Bind(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException exception)
        {
            return exception;
        }
    }

    private static string TextOf(SocketException exception) =>
        exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "address already in use" : exception.Message;
}
