using WikiBus.Server.Http;
using WikiBus.Server.Options;
using WikiBus.Server.Streaming.Connections;
using WikiBus.Server.Streaming.Listing;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streaming.Starting;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming;

/// <summary>Adds streaming to the process.</summary>
internal static class StreamingServices
{
    public static IServiceCollection AddStreaming(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<StreamingOptions>(configuration);
        services.AddMetrics();
        services.AddSingleton<StreamingDiagnostics>();
        services.AddSingleton<OpenLogReader>(
            static provider => provider.GetRequiredService<EventLog>().OpenReader);
        services.AddSingleton<PageFeed>();
        services.AddSingleton<CatchUpTurns>();
        services.AddSingleton<ConnectionParts>();
        services.AddSingleton<Audience>();
        services.AddSingleton<ConnectionSlots>();
        services.AddSingleton<StreamRequestReader>();
        services.AddSingleton<StartResolver>();
        services.AddSingleton<StreamEndpoint>();
        services.AddSingleton<StreamRates>();
        services.AddSingleton<StreamListEndpoint>();
        services.AddSingleton(new SpecSection(StreamingSpec.Paths) { Schemas = StreamingSpec.Schemas });
        services.AddHostedService(static provider => provider.GetRequiredService<Audience>());
        services.AddHostedService(static provider => provider.GetRequiredService<StreamRates>());
        return services;
    }
}
