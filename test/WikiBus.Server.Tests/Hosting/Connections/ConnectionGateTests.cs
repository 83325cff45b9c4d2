using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using System.Diagnostics.Metrics;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Hosting.Connections;

namespace WikiBus.Server.Tests.Hosting.Connections;

public sealed class ConnectionGateTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LineLogger<ConnectionDiagnostics> _logger = new();
    private readonly ConnectionDiagnostics _diagnostics;

    public ConnectionGateTests() => _diagnostics = new ConnectionDiagnostics(
        _logger, _services.GetRequiredService<IMeterFactory>(), TimeProvider.System);

    [Fact]
    public async Task AddressAtItsLimit_IsRefusedUntilAConnectionEnded()
    {
        var gate = Gate(all: 10, ofAddress: 2);
        var first = Admit(gate, "192.0.2.1");
        Admit(gate, "::ffff:192.0.2.1").ShouldNotBeNull();
        Admit(gate, "192.0.2.1").ShouldBeNull();
        Admit(gate, "192.0.2.2").ShouldNotBeNull();

        // Disposed twice, it ends once.
        await first!.DisposeAsync();
        await first.DisposeAsync();
        Admit(gate, "192.0.2.1").ShouldNotBeNull();
        Admit(gate, "192.0.2.1").ShouldBeNull();
    }

    [Fact]
    public void AddressesOfOneIpv6Network_CountTogether()
    {
        var gate = Gate(all: 10, ofAddress: 1);
        Admit(gate, "2001:db8:0:1::5").ShouldNotBeNull();
        Admit(gate, "2001:db8:0:1:ffff::6").ShouldBeNull();
        Admit(gate, "2001:db8:0:2::5").ShouldNotBeNull();
    }

    [Fact]
    public void ExemptNetworks_HaveOnlyTheLimitOfAll()
    {
        var gate = Gate(all: 3, ofAddress: 1);
        Admit(gate, "10.0.0.1").ShouldNotBeNull();
        Admit(gate, "10.0.0.1").ShouldNotBeNull();
        Admit(gate, "::ffff:10.0.0.1").ShouldNotBeNull();
        Admit(gate, "10.0.0.1").ShouldBeNull();
    }

    [Fact]
    public void AddressThatKeepsComing_IsLoggedOnce()
    {
        var gate = Gate(all: 10, ofAddress: 1);
        Admit(gate, "192.0.2.1");
        for (var number = 0; number < 100; number++)
        {
            Admit(gate, "192.0.2.1").ShouldBeNull();
        }

        _logger.Lines.Count.ShouldBe(1);
    }

    public void Dispose()
    {
        _diagnostics.Dispose();
        _services.Dispose();
    }

    private ConnectionGate Gate(int all, int ofAddress) => new(
        new ConnectionLimits(all, ofAddress), [new NetworkList(["10.0.0.0/8"])], _diagnostics);

    private static ConnectionContext? Admit(ConnectionGate gate, string address) =>
        gate.TryAdmit(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) });
}
