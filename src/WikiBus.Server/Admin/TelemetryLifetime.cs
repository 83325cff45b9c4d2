namespace WikiBus.Server.Admin;

/// <summary>Keeps an exporter alive with the server; the container ends it, which sends what is left.</summary>
internal sealed class TelemetryLifetime<TProvider>(TProvider provider) : IHostedService
    where TProvider : class
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Being made is all: the provider works from then on.
        GC.KeepAlive(provider);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
