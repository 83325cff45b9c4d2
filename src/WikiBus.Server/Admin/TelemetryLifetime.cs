namespace WikiBus.Server.Admin;

/// <summary>Keeps an exporter alive with the server. The container disposes it, and it sends the rest.</summary>
internal sealed class TelemetryLifetime<TProvider>(TProvider provider) : IHostedService
    where TProvider : class
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The provider only has to exist: it works from now on.
        GC.KeepAlive(provider);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
