using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>
/// A network in which every address is a recipient of the test. No packet leaves the machine: a connection is a pair of
/// sockets on 127.0.0.1.
/// </summary>
internal sealed class ScriptedNetwork(Func<Stream, Task> recipient) : INetwork
{
    /// <summary>Looks names up; by default no name has an address.</summary>
    public Func<string, IReadOnlyList<IPAddress>> Names { get; set; } =
        static _ => throw new SocketException((int)SocketError.HostNotFound);

    /// <summary>Runs before a connection is made; it may throw, or wait.</summary>
    public Func<IPEndPoint, CancellationToken, Task> BeforeConnect { get; set; } = static (_, _) => Task.CompletedTask;

    public IReadOnlyList<IPAddress> Own { get; set; } = [IPAddress.Loopback];

    /// <summary>Each connection that was asked for, also those that failed.</summary>
    public ConcurrentQueue<IPEndPoint> Connects { get; } = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    public void Name(string host, params string[] addresses)
    {
        var before = Names;
        IReadOnlyList<IPAddress> parsed = [.. addresses.Select(IPAddress.Parse)];
        Names = name => name == host ? parsed : before(name);
    }

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Lookups.Enqueue(host);
        return Task.FromResult(Names(host));
    }

    public async Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        Connects.Enqueue(target);
        await BeforeConnect(target, cancellationToken);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndpoint, cancellationToken);
        _ = ServeAsync(await listener.AcceptSocketAsync(cancellationToken));
        return new NetworkStream(client, ownsSocket: true);
    }

    public IReadOnlyList<IPAddress> OwnAddresses() => Own;

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await recipient(stream);
        }
        catch (IOException)
        {
            // The sender hung up.
        }
    }
}
