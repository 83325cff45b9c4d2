using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Settings for a <see cref="RelayRun"/> whose service also takes events of Deki.</summary>
internal static class DekiRun
{
    public static void Configure(ProducerOptions options, string url)
    {
        options.Deki.PublishUri = new Uri(url);
        options.Deki.ApiUri = new Uri("http://wiki.example.org/@api/deki");
    }

    public static void AddServices(IServiceCollection services) => services.AddWikiBusDeki();
}
