using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WikiBus.Server.Access;
using WikiBus.Server.Hosting.Connections;
using WikiBus.Server.Options;
using WikiBus.Server.State;
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
    private readonly IDisposable? _dataLock;
    private readonly ILogger _logger;
    private readonly TimeSpan _shutdownTimeout;
    private bool _isDisposed;

    private WikiBusServer(WebApplication application, EventLog log, IDisposable? dataLock, TimeSpan shutdownTimeout)
    {
        _application = application;
        _log = log;
        _dataLock = dataLock;
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

    /// <param name="configuration">The configuration from <see cref="ServerConfiguration"/>.</param>
    /// <param name="faults">What is already known to be wrong with it; reported with its other faults.</param>
    /// <param name="seams">Replaces services at the seams (time, files, logging); null outside tests.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="StartupException">It cannot start. Everything is closed again.</exception>
    public static async Task<WikiBusServer> StartAsync(
        IConfiguration configuration, IReadOnlyList<OptionFault> faults, Action<IServiceCollection>? seams,
        CancellationToken cancellationToken)
    {
        var builder = ServerBuilder.Create(configuration, seams);
        foreach (var fault in faults)
        {
            builder.Services.OptionFaults().Add(fault);
        }

        var options = ServerBuilder.CheckOptions(builder.Services, configuration);
        ServerBuilder.InheritedSockets(builder.Services).Require();
        ServerBuilder.FitConnections(builder.Services, DescriptorBudget.OfProcess());
        AddressCheck.Require(options.Listen);
        var dataLock = Open(options.Data, () => DataFolder.Open(options.Data, ServerBuilder.Files(builder.Services)));
        try
        {
            return await StartAsync(builder, options, dataLock, cancellationToken);
        }
        catch
        {
            dataLock?.Dispose();
            throw;
        }
    }

    private static async Task<WikiBusServer> StartAsync(
        WebApplicationBuilder builder,
        HostingOptions options,
        IDisposable? dataLock,
        CancellationToken cancellationToken)
    {
        var notices = new LogNotices();
        var log = Open(options.Data, () => OpenLog(builder.Services, options.Data, notices));
        WikiBusServer? server = null;
        try
        {
            builder.Services.AddSingleton(log);
            var application = Build(builder);
            server = new WikiBusServer(application, log, dataLock, options.ShutdownTimeout);
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
        _dataLock?.Dispose();
    }

    // The log opens before all other files: it may have to be repaired before anything changes.
    private static EventLog OpenLog(IServiceCollection services, string data, LogNotices notices) => EventLog.Open(
        Path.Combine(data, "log"), ServerBuilder.StorageOptions(services, notices),
        ServerBuilder.Files(services), ServerBuilder.Time(services));

    private static T Open<T>(string data, Func<T> open)
    {
        try
        {
            return open();
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
        ReportLimits(options.ConnectionsMax);
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception is (IOException and not StateException) or InvalidOperationException or SocketException)
        {
            throw AddressCheck.CannotListen(exception.Message.TrimEnd('.'));
        }

        var server = _application.Services.GetRequiredService<IServer>();
        Addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses];
    }

    private void ReportLimits(int wanted)
    {
        var limits = Services.GetRequiredService<ConnectionLimits>();
        if (limits.All < wanted)
        {
            HostingDiagnostics.ConnectionsLowered(
                _logger, limits.All, wanted, limits.OfAddress,
                Services.GetRequiredService<DescriptorBudget>().Limit);
        }
    }
}
