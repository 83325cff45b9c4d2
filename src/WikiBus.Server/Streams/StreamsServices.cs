using WikiBus.Server.Options;
using WikiBus.Storage;

namespace WikiBus.Server.Streams;

/// <summary>Registers the stream catalog.</summary>
internal static class StreamsServices
{
    /// <summary>
    /// Adds the singleton <see cref="StreamCatalog"/>. A configuration that cannot be read is a fault of the option.
    /// </summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">Holds the section <c>Streams</c>.</param>
    /// <param name="data">The data directory, where the copy of what a URL gave is kept.</param>
    public static IServiceCollection AddStreams(
        this IServiceCollection services, IConfiguration configuration, string data)
    {
        var faults = services.OptionFaults();
        var options = services.AddFeatureOptions<StreamsOptions>(configuration);
        if (options.Source.Length == 0)
        {
            return services.AddCatalog(BuiltInStreamConfig.Create());
        }

        var source = new StreamSource(options, data);
        services.AddSingleton(source);
        services.AddHostedService<StreamReload>();
        try
        {
            return services.AddCatalog(source.ReadFirst(out var warning), warning);
        }
        catch (InvalidDataException exception)
        {
            faults.Add(new OptionFault("Streams:Source", $"'{options.Source}' cannot be used: {exception.Message}"));
            return services.AddCatalog(BuiltInStreamConfig.Create());
        }
    }

    private static IServiceCollection AddCatalog(
        this IServiceCollection services, StreamConfig config, string? warning = null) =>
        services.AddSingleton(provider =>
        {
            if (warning is not null)
            {
                StreamsDiagnostics.Unreadable(provider.GetRequiredService<ILogger<StreamReload>>(), warning);
            }

            return new StreamCatalog(
                config, provider.GetRequiredService<StreamsOptions>(), provider.GetRequiredService<EventLog>());
        });
}
