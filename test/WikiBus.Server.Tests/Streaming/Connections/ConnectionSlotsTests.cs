using System.Net;
using WikiBus.Server.Streaming.Connections;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Tests.Streaming.Connections;

public sealed class ConnectionSlotsTests
{
    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void AnAddressAtItsLimit_IsRefusedUntilASlotIsBack()
    {
        var slots = new ConnectionSlots(new StreamingOptions { ConnectionsPerAddressMax = 2 });
        var first = slots.TryTake(s_address, out _);
        slots.TryTake(s_address, out _).ShouldNotBeNull();
        slots.TryTake(s_address, out var refusal).ShouldBeNull();
        refusal.ShouldBe(StreamRefusal.TooManyOfAddress);
        slots.TryTake(IPAddress.Parse("192.0.2.2"), out _).ShouldNotBeNull();

        first!.Dispose();
        first.Dispose();
        slots.TryTake(s_address, out _).ShouldNotBeNull();
        slots.TryTake(s_address, out _).ShouldBeNull();
    }

    [Fact]
    public void AllConnections_HaveOneLimit()
    {
        var slots = new ConnectionSlots(new StreamingOptions { ConnectionsMax = 1 });
        slots.TryTake(null, out _).ShouldNotBeNull();
        slots.TryTake(s_address, out var refusal).ShouldBeNull();
        refusal.ShouldBe(StreamRefusal.TooMany);
    }
}
