using System.Collections;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WikiBus.Server.Admin;

/// <summary>
/// Sends metrics, traces and logging over OTLP when a standard variable, such as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>,
/// names a receiver. Otherwise OpenTelemetry's assemblies are not loaded, which keeps the start fast.
/// </summary>
internal static class TelemetryExport
{
    private const string ServiceName = "wikibus";

    /// <summary>
    /// The standard variables as configuration. The exporter of logging reads them from the host's configuration, which
    /// has no other variables of the environment.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        from variable in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        let name = (string)variable.Key
        where name.StartsWith("OTEL_", StringComparison.Ordinal)
        select KeyValuePair.Create(name, (string?)variable.Value);

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services)
    {
        if (IsWanted("METRICS") || IsWanted("TRACES") || IsWanted("LOGS"))
        {
            Add(services);
        }

        return services;
    }

    /// <summary>
    /// As the specification says: a variable names a receiver, this signal's exporter is not <c>none</c>, and the SDK
    /// is not disabled.
    /// </summary>
    private static bool IsWanted(string signal) =>
        (Variable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? Variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) is not null
        && !string.Equals(Variable($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(Variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IServiceCollection services)
    {
        if (IsWanted("METRICS"))
        {
            services.AddSingleton(static _ => Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(static resource => resource.AddService(ServiceName))
                .AddMeter("WikiBus", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter()
                .Build());
            services.AddHostedService<TelemetryLifetime<MeterProvider>>();
        }

        if (IsWanted("TRACES"))
        {
            services.AddSingleton(static _ => Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(static resource => resource.AddService(ServiceName))
                .AddSource("Microsoft.AspNetCore")
                .AddOtlpExporter()
                .Build());
            services.AddHostedService<TelemetryLifetime<TracerProvider>>();
        }

        if (IsWanted("LOGS"))
        {
            services.AddLogging(static logging => logging.AddOpenTelemetry(static export => export
                .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(ServiceName))
                .AddOtlpExporter()));
        }
    }
}
