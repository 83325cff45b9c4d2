using Microsoft.Extensions.DependencyInjection;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Tests.Deliveries.Guard;

public sealed class GuardServicesTests
{
    [Fact]
    public async Task Registration_HasAllThatTheSenderNeeds()
    {
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System).AddSingleton(new DeliveriesOptions()).AddGuard();
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<GuardedSender>();
        provider.GetRequiredService<TargetUrl>()
            .TryParse("http://127.0.0.1/", TargetNetworks.None, out _, out _).ShouldBeFalse();
    }
}
