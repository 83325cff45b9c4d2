using WikiBus.Server.Faults;

namespace WikiBus.Server.Streams;

/// <summary>Reads the stream configuration again while the bus runs. One that cannot be read changes nothing.</summary>
internal sealed class StreamReload : BackgroundService
{
    private static readonly TimeSpan s_fileInterval = TimeSpan.FromSeconds(1);

    private readonly StreamSource _source;
    private readonly StreamCatalog _catalog;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamReload> _logger;
    private readonly RecentFaults _faults;

    public StreamReload(
        StreamSource source,
        StreamCatalog catalog,
        StreamsOptions options,
        TimeProvider time,
        ILogger<StreamReload> logger)
    {
        _source = source;
        _catalog = catalog;
        _interval = options.IsUrl ? options.ReloadInterval : s_fileInterval;
        _time = time;
        _faults = new RecentFaults(time);
        _logger = logger;
    }

    /// <summary>Reads once, and logs a fault once in ten minutes.</summary>
    public void ReadAgain()
    {
        try
        {
            if (_source.Read() is { } config)
            {
                _catalog.Replace(config);
                _faults.Clear();
                StreamsDiagnostics.Loaded(_logger, config.Names.Count);
            }
        }
        catch (InvalidDataException exception)
        {
            if (_faults.IsNew(exception.Message))
            {
                StreamsDiagnostics.Unreadable(_logger, exception.Message);
            }
        }
        catch (Exception exception)
        {
            // The boundary of the loop: an unexpected fault must not end the process.
            if (_faults.IsNew(exception.Message))
            {
                StreamsDiagnostics.ReloadFailed(_logger, exception);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                ReadAgain();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The bus stops.
        }
    }
}
