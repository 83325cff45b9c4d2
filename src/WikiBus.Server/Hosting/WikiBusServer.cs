using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WikiBus.Server.Access;
using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>
/// The running bus. Start: options → log recovered → state opened → features → listening. Stop: no new requests →
/// streams and requests end → the writer is drained and the log closed.
/// </summary>
internal sealed class WikiBusServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly EventLog _log;
    private readonly ILogger _logger;
    private readonly TimeSpan _shutdownTimeout;
    private bool _isDisposed;

    private WikiBusServer(WebApplication application, EventLog log, TimeSpan shutdownTimeout)
    {
        _application = application;
        _log = log;
        _shutdownTimeout = shutdownTimeout;
        _logger = application.Services.GetRequiredService<ILogger<WikiBusServer>>();
    }

    /// <summary>The addresses that it listens on, with the ports that the system chose.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public IServiceProvider Services => _application.Services;

    /// <summary>Makes a one-time link to the page. The link before it is void.</summary>
    public string MakePageLink()
    {
        var address = new UriBuilder(Addresses[0]) { Path = "/" };
        if (address.Host is "[::]" or "0.0.0.0")
        {
            address.Host = "localhost";
        }

        var token = Services.GetRequiredService<PageSessions>().MakeToken();
        address.Query = $"{PageSessions.TokenParameter}={token}";
        return address.Uri.ToString();
    }

    /// <exception cref="StartupException">It cannot start. Everything is closed again.</exception>
    public static async Task<WikiBusServer> StartAsync(
        IConfiguration configuration, Action<IServiceCollection>? seams, CancellationToken cancellationToken)
    {
        var builder = ServerBuilder.Create(configuration, seams);
        var options = ServerBuilder.CheckOptions(builder.Services, configuration);
        AddressCheck.Require(options.Listen);
        var notices = new LogNotices();
        var log = OpenLog(builder.Services, options.Data, notices);
        WikiBusServer? server = null;
        try
        {
            builder.Services.AddSingleton(log);
            var application = Build(builder);
            server = new WikiBusServer(application, log, options.ShutdownTimeout);
            notices.SendTo(server._logger);
            application.MapFeatures();
            await server.ListenAsync(options, cancellationToken);
            return server;
        }
        catch (Exception exception)
        {
            await (server?.DisposeAsync() ?? log.DisposeAsync());
            if (exception is IOException or UnauthorizedAccessException or InvalidDataException or LogDamagedException)
            {
                throw new StartupException(DataFolder.Unusable(options.Data, exception), ExitCodes.Failed);
            }

            throw;
        }
    }

    /// <summary>Stops gracefully. Requests that do not end in time are aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        HostingDiagnostics.Stopping(_logger, _shutdownTimeout.TotalSeconds);
        using (var limit = new CancellationTokenSource(_shutdownTimeout))
        {
            await _application.StopAsync(limit.Token);
        }

        try
        {
            await _log.DisposeAsync();
            HostingDiagnostics.Stopped(_logger);
        }
        catch (IOException exception)
        {
            HostingDiagnostics.CloseFailed(_logger, exception);
        }

        await _application.DisposeAsync();
    }

    // The log opens before all other files: its lock keeps a second process out of the whole data directory.
    private static EventLog OpenLog(IServiceCollection services, string data, LogNotices notices)
    {
        try
        {
            DataFolder.Create(data);
            return EventLog.Open(
                Path.Combine(data, "log"), ServerBuilder.StorageOptions(services, notices),
                ServerBuilder.Files(services), ServerBuilder.Time(services));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or LogDamagedException)
        {
            throw new StartupException(
                DataFolder.InUse(data, exception) ?? DataFolder.Unusable(data, exception), ExitCodes.Failed);
        }
    }

    /// <summary>Builds the application. Kestrel reads its certificates meanwhile.</summary>
    private static WebApplication Build(WebApplicationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or IOException or CryptographicException)
        {
            throw new StartupException($"Cannot listen: {exception.Message}", ExitCodes.Failed);
        }
    }

    private async Task ListenAsync(HostingOptions options, CancellationToken cancellationToken)
    {
        HostingDiagnostics.LogOpened(
            _logger, options.Data, _log.FirstPosition, _log.EndPosition, _log.StreamCount);
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or SocketException)
        {
            throw AddressCheck.CannotListen(exception.Message.TrimEnd('.'));
        }

        var server = _application.Services.GetRequiredService<IServer>();
        Addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses];
    }
}
