using System.Net;
using System.Net.Sockets;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class SystemNetworkTests
{
    private readonly SystemNetwork _network = new();

    [Fact]
    public void OwnAddresses_HaveLoopback() => _network.OwnAddresses().ShouldContain(IPAddress.Loopback);

    [Fact]
    public async Task NameOfThisMachine_HasLoopbackAddresses()
    {
        var addresses = await _network.ResolveAsync("localhost", TestContext.Current.CancellationToken);

        addresses.ShouldNotBeEmpty();
        addresses.ShouldAllBe(static address => IPAddress.IsLoopback(address));
    }

    [Fact]
    public async Task Connection_GoesToTheListener()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await using var stream = await _network.ConnectAsync(
            (IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);

        stream.ShouldBeOfType<NetworkStream>().Socket.RemoteEndPoint.ShouldBe(listener.LocalEndpoint);
    }

    [Fact]
    public async Task PortWithoutListener_Refuses()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();

        (await Should.ThrowAsync<SocketException>(
            () => _network.ConnectAsync(target, TestContext.Current.CancellationToken)))
            .SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }
}
