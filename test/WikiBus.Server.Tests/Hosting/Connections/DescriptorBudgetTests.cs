using WikiBus.Server.Hosting.Connections;

namespace WikiBus.Server.Tests.Hosting.Connections;

public sealed class DescriptorBudgetTests
{
    [Theory]
    [InlineData(512, 32, 96)]
    [InlineData(1_024, 160, 480)]
    [InlineData(65_536, 1_024, 64_128)]
    [InlineData(int.MaxValue, 1_024, int.MaxValue - 1_408)]
    public void Descriptors_AreDividedBetweenIdFilesAndConnections(int limit, int idFiles, int connections)
    {
        var budget = new DescriptorBudget(limit);

        (budget.IdFilesMax, budget.ConnectionsMax, budget.IsEnough).ShouldBe((idFiles, connections, true));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1_024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [InlineData("Max locked memory         8192                 8192                 bytes     ", int.MaxValue)]
    public void Limit_IsTheSoftOneOfOpenFiles(string line, int limit) =>
        DescriptorBudget.Read(["Limit                     Soft Limit           Hard Limit           Units", line])
            .ShouldBe(limit);

    [Fact]
    public void OneAddress_GetsAQuarterAtMost()
    {
        var descriptors = new DescriptorBudget(1_024);

        ConnectionLimits.Of(21_000, 1_000, descriptors).ShouldBe(new ConnectionLimits(480, 120));
        ConnectionLimits.Of(10, 1_000, descriptors).ShouldBe(new ConnectionLimits(10, 2));
        ConnectionLimits.Of(100, 20, descriptors).ShouldBe(new ConnectionLimits(100, 20));
    }

    [Fact]
    public void Readers_LeaveConnectionsToProducers()
    {
        new ConnectionLimits(480, 120).OfReaders(20_000).ShouldBe(456);
        new ConnectionLimits(480, 120).OfReaders(100).ShouldBe(100);
    }
}
