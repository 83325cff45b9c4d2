using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>
/// Sends the rows of the outbox while this process leads. Each service has a loop of its own, so that one that hangs
/// does not hold up the others. If the database fails, everything begins anew: sending twice is safe.
/// </summary>
internal sealed class OutboxRelay(
    IServiceProvider services,
    OutboxDatabase database,
    OutboxSignal signal,
    RelayState state,
    OutboxDiagnostics diagnostics,
    OutboxLevels levels,
    IOptions<ProducerOptions> options,
    TimeProvider clock,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    private static readonly TimeSpan s_levelsInterval = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _cutOff = new();
    private readonly HashSet<OutboxQueue> _unknown = [];

    // A relay that waits for the lead asks for it each second. The tables are checked again only after a failure.
    private bool _areTablesChecked;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckTablesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutboxTablesException and not OperationCanceledException)
        {
            // The wiki can start without its database. ExecuteAsync tries again, also if this process runs no relay.
            Failed(exception);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // A request that has begun gets its answer if there is time.
        using (cancellationToken.Register(_cutOff.Cancel))
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cutOff.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CheckTablesAsync(stoppingToken).ConfigureAwait(false);
                if (!options.Value.Outbox.RunsRelay)
                {
                    state.DatabaseFault = null;
                    return;
                }

                await LeadAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // If the database fails while the host stops, the rows stay for the next relay.
                if (stoppingToken.IsCancellationRequested)
                {
                    break;
                }

                Failed(exception);
            }

            await Task.Delay(QueueRelay.PollInterval, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CheckTablesAsync(CancellationToken cancellation)
    {
        if (!_areTablesChecked)
        {
            await database.CheckTablesAsync(options.Value.Outbox.CreatesTables, cancellation).ConfigureAwait(false);
            _areTablesChecked = true;
        }
    }

    private void Failed(Exception exception)
    {
        _areTablesChecked = false;
        if (state.DatabaseFault is null)
        {
            logger.DatabaseFails(exception);
        }

        state.DatabaseFault = exception.Message;
    }

    // Returns if another process leads, or took over.
    private async Task LeadAsync(CancellationToken stopping)
    {
        var connection = await database.OpenAsync(stopping).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var lead = await database.Dialect.TryLeadAsync(connection, clock, stopping).ConfigureAwait(false);
            if (lead is null)
            {
                state.DatabaseFault = null;
                return;
            }

            logger.Leads();
            state.IsLeading = true;
            using var store = new OutboxStore(connection, database.Dialect, clock);
            try
            {
                await RunAsync(store, lead, stopping).ConfigureAwait(false);
            }
            finally
            {
                state.Clear();
                diagnostics.Found([]);
                await ResignAsync(lead).ConfigureAwait(false);
            }
        }
    }

    // The first loop that ends, ends all: the connection failed, another process took over, or the host stops.
    private async Task RunAsync(OutboxStore store, IRelayLead lead, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var deliveries = Deliveries().ToList();
        Task[] loops =
        [
            RenewAsync(store, lead, ending.Token),
            ListenAsync(ending.Token),
            WatchAsync(deliveries, ending.Token),
            .. deliveries.Select(delivery => new QueueRelay(
                delivery, store, signal, state, diagnostics, new Random(), BytesMax, clock, logger)
                .RunAsync(ending.Token, _cutOff.Token)),
        ];
        var first = await Task.WhenAny(loops).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private int BytesMax => Math.Min(options.Value.Outbox.BatchBytesMax, options.Value.BatchBytesMax);

    private IEnumerable<IOutboxDelivery> Deliveries()
    {
        var posts = services.GetRequiredService<EventPosts>();
        var client = services.GetRequiredService<PostClient>();
        foreach (var (name, service) in options.Value.Services)
        {
            yield return new MediaWikiDelivery(
                name, new Uri(service.Url), posts, client, options.Value.Outbox.AcceptHasty);
        }

        if (services.GetService<DekiPosts>() is { } deki)
        {
            yield return new DekiDelivery(deki, client);
        }
    }

    private async Task RenewAsync(OutboxStore store, IRelayLead lead, CancellationToken ending)
    {
        do
        {
            await Task.Delay(lead.RenewalInterval, clock, ending).ConfigureAwait(false);
        }
        while (await store.RenewAsync(lead, ending).ConfigureAwait(false));
    }

    // If it fails, the loops of the services find the rows at their next poll.
    private async Task ListenAsync(CancellationToken ending)
    {
        var canListen = true;
        while (canListen)
        {
            try
            {
                canListen = await database.Dialect.TryListenAsync(database.Source, signal.Wake, ending)
                    .ConfigureAwait(false);
            }
            catch (Exception) when (!ending.IsCancellationRequested)
            {
                await Task.Delay(QueueRelay.PollInterval, clock, ending).ConfigureAwait(false);
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, clock, ending).ConfigureAwait(false);
    }

    // A relay that fails is started each second, so only one that worked for a while has no fault.
    private async Task WatchAsync(List<IOutboxDelivery> deliveries, CancellationToken ending)
    {
        while (true)
        {
            var isMeasured = await TryMeasureAsync(deliveries, ending).ConfigureAwait(false);
            await Task.Delay(s_levelsInterval, clock, ending).ConfigureAwait(false);
            if (isMeasured)
            {
                state.DatabaseFault = null;
            }
        }
    }

    // Measures what waits, and finds rows that no loop sends. Sending goes on if it fails.
    private async Task<bool> TryMeasureAsync(List<IOutboxDelivery> deliveries, CancellationToken ending)
    {
        try
        {
            var found = await levels.ReadAsync(ending).ConfigureAwait(false);
            diagnostics.Found([.. found, .. deliveries.Select(delivery => delivery.Queue)
                .Except(found.Select(level => level.Queue))
                .Select(queue => new QueueLevel(queue, 0, TimeSpan.Zero, 0, 0))]);
            foreach (var level in found.Where(level =>
                level.Rows > 0 && deliveries.TrueForAll(delivery => delivery.Queue != level.Queue)))
            {
                if (_unknown.Add(level.Queue))
                {
                    logger.UnknownService(level.Rows, level.Queue.Service, level.Queue.Dialect);
                }
            }

            return true;
        }
        catch (Exception exception) when (!ending.IsCancellationRequested)
        {
            Failed(exception);
            return false;
        }
    }

    private async Task ResignAsync(IRelayLead lead)
    {
        try
        {
            await lead.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The connection failed, and with it the lead ends.
            logger.CannotResign(exception);
        }
    }
}
