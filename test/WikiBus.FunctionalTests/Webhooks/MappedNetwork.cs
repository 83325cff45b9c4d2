using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>
/// A network in which every address is that of one receiver. It keeps the addresses that were asked for. No packet
/// leaves the machine.
/// </summary>
internal sealed class MappedNetwork(string receiver) : INetwork
{
    private readonly Uri _receiver = new(receiver);
    private readonly ConcurrentDictionary<string, IPAddress[]> _names = new(StringComparer.Ordinal);

    /// <summary>Each connection that was asked for.</summary>
    public ConcurrentQueue<IPAddress> Connects { get; } = new();

    /// <summary>Runs before a connection is made.</summary>
    public Func<CancellationToken, Task> BeforeConnect { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Gives a host name other addresses.</summary>
    public void Name(string host, params string[] addresses) => _names[host] = [.. addresses.Select(IPAddress.Parse)];

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        _names.TryGetValue(host.TrimEnd('.'), out var addresses)
            ? Task.FromResult<IReadOnlyList<IPAddress>>(addresses)
            : throw new SocketException((int)SocketError.HostNotFound);

    public async Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        Connects.Enqueue(target.Address);
        await BeforeConnect(cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_receiver.Host, _receiver.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IReadOnlyList<IPAddress> OwnAddresses() => [IPAddress.Loopback, IPAddress.Parse("5.6.7.8")];
}
