using System.Net;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>What the guard needs of the operating system's network: the seam at which tests replace it.</summary>
internal interface INetwork
{
    /// <summary>The addresses of a host name, in the order in which to try them.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name has none, or the lookup failed.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>A connection to exactly this address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be reached, or refused.</exception>
    Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken);

    /// <summary>The addresses of this machine, as its interfaces have them now.</summary>
    IReadOnlyList<IPAddress> OwnAddresses();
}
