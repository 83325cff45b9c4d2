using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace WikiBus.Server.Tests.Dream.Uris;

/// <summary>The addresses of a web server, which a test sets. It serves nothing.</summary>
internal sealed class ListeningServer : IServer
{
    private readonly ServerAddressesFeature _addresses = new();

    /// <summary>Says when all listeners listen.</summary>
    public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    public ListeningServer(params string[] addresses)
    {
        Features.Set<IServerAddressesFeature>(_addresses);
        Listen(addresses);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public void Listen(params string[] addresses) => Array.ForEach(addresses, _addresses.Addresses.Add);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // It holds nothing.
    }
}
