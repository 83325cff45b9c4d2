using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>
/// Sends the rows of one queue, in order, one request at a time. For each request:
/// <list type="number">
/// <item>Post the events. After a crash the same bytes are posted again, and WikiBus stores them once.</item>
/// <item>Park what was refused, and delete the rows that are settled, in one transaction. They are deleted by their
/// ids: rows with smaller ids may be committed later.</item>
/// </list>
/// </summary>
internal sealed class QueueRelay(
    IOutboxDelivery delivery,
    OutboxStore store,
    OutboxSignal signal,
    RelayState state,
    OutboxDiagnostics diagnostics,
    Random random,
    int bytesMax,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>How often it looks for rows that nobody told it about.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often an event that is an error is sent again.</summary>
    public static readonly TimeSpan ErrorRetryInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long an event that is an error is sent again. Then it waits for a person.</summary>
    public static readonly TimeSpan ErrorRetryTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_delayMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retryAfterMax = TimeSpan.FromHours(1);

    // So that each stream has one Warning, however many of its events are sent again.
    private readonly HashSet<string> _streamsInError = new(StringComparer.Ordinal);

    private DateTimeOffset? _nextRetry;

    /// <summary>Sends until it is stopped.</summary>
    /// <param name="stopping">Lets no further request begin.</param>
    /// <param name="cutOff">Cuts off the request that has begun.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cutOff)
    {
        _nextRetry = await store.NextRetryAsync(delivery.Queue, stopping).ConfigureAwait(false);
        while (true)
        {
            var next = signal.Next;
            await SendDueAsync(stopping, cutOff).ConfigureAwait(false);
            var rows = await store.ReadRowsAsync(delivery.Queue, bytesMax, stopping).ConfigureAwait(false);
            if (rows.Count > 0)
            {
                await SendRowsAsync(rows, stopping, cutOff).ConfigureAwait(false);
            }
            else
            {
                await Task.WhenAny(next, Task.Delay(PollInterval, clock, stopping)).ConfigureAwait(false);
                stopping.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task SendRowsAsync(
        List<(long Id, byte[] Events)> rows, CancellationToken stopping, CancellationToken cutOff)
    {
        var left = new Dictionary<long, int>();
        var events = new List<PendingEvent>();
        foreach (var (id, body) in rows)
        {
            if (EventsOf(id, body) is { } found)
            {
                events.AddRange(found);
                left[id] = found.Count;
                continue;
            }

            var refusal = new Refusal(new PendingEvent(id, 0, body), "", "The row cannot be read.", CanRetry: false);
            await store.SettleAsync(delivery.Queue, [id], [(refusal, null)], cutOff).ConfigureAwait(false);
            logger.Parked("", delivery.Queue.Service);
        }

        await SendAsync(
            events,
            (sent, refusals) =>
            {
                foreach (var item in sent)
                {
                    left[item.RowId]--;
                }

                var settled = sent.Select(item => item.RowId).Distinct().Where(id => left[id] == 0).ToList();
                return store.SettleAsync(delivery.Queue, settled, refusals, cutOff);
            },
            stopping,
            cutOff).ConfigureAwait(false);
    }

    private async Task SendDueAsync(CancellationToken stopping, CancellationToken cutOff)
    {
        if (_nextRetry is null || _nextRetry > clock.GetUtcNow())
        {
            return;
        }

        var events = await store.ReadDueAsync(delivery.Queue, bytesMax, stopping).ConfigureAwait(false);
        await SendAsync(
            events,
            (sent, refusals) => store.SettleRetriedAsync(
                [.. sent.Except(refusals.Select(item => item.Refusal.Event)).Select(item => item.RowId)],
                refusals,
                cutOff),
            stopping,
            cutOff).ConfigureAwait(false);
        _nextRetry = await store.NextRetryAsync(delivery.Queue, stopping).ConfigureAwait(false);
        if (_nextRetry is null)
        {
            _streamsInError.Clear();
        }
    }

    private async Task SendAsync(
        List<PendingEvent> events,
        Func<IReadOnlyList<PendingEvent>, IReadOnlyList<(Refusal Refusal, DateTimeOffset? RetryAt)>, Task> settle,
        CancellationToken stopping,
        CancellationToken cutOff)
    {
        var (start, countMax, failures) = (0, delivery.EventsMax, 0);
        while (start < events.Count)
        {
            stopping.ThrowIfCancellationRequested();
            var group = events.GetRange(start, CountOf(events, start, countMax));
            var answer = await delivery.SendAsync(group, cutOff).ConfigureAwait(false);
            diagnostics.Answered(delivery.Queue, answer.Status);
            if (answer.Outcome == DeliveryOutcome.TooLarge && group.Count > 1)
            {
                countMax = group.Count / 2;
                continue;
            }

            if (answer.Outcome is DeliveryOutcome.Again or DeliveryOutcome.Alarm)
            {
                Fail(answer);
                await Task.Delay(DelayOf(answer, failures++), clock, stopping).ConfigureAwait(false);
                continue;
            }

            IReadOnlyList<Refusal> refused = answer.Outcome == DeliveryOutcome.Judged
                ? answer.Refusals
                : [new Refusal(group[0], delivery.StreamOf(group[0]), answer.Text, CanRetry: false)];
            var refusals = refused.Select(refusal => (refusal, RetryAt(refusal))).ToList();
            await settle(group, refusals).ConfigureAwait(false);
            Succeed(group.Count, refusals);
            (start, countMax, failures) = (start + group.Count, Math.Min(countMax * 2, delivery.EventsMax), 0);
        }
    }

    private int CountOf(List<PendingEvent> events, int start, int countMax)
    {
        var (count, bytes) = (0, 1L);
        while (count < countMax && start + count < events.Count)
        {
            bytes += events[start + count].Bytes.Length + 1;
            if (count > 0 && bytes > bytesMax)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private void Fail(DeliveryAnswer answer)
    {
        var fault = new RelayFault(delivery.Queue, answer.Text, answer.Outcome == DeliveryOutcome.Alarm);
        if (!state.TryFail(fault))
        {
            return;
        }

        if (fault.IsAlarm)
        {
            logger.ServiceRefusesAll(delivery.Queue.Service, delivery.Address, answer.Text);
        }
        else
        {
            logger.ServiceFails(delivery.Queue.Service, delivery.Address, answer.Text);
        }
    }

    private void Succeed(int count, List<(Refusal Refusal, DateTimeOffset? RetryAt)> refusals)
    {
        if (state.TryClear(delivery.Queue))
        {
            logger.ServiceWorks(delivery.Queue.Service);
        }

        diagnostics.Sent(delivery.Queue, count - refusals.Count);
        foreach (var (refusal, retryAt) in refusals)
        {
            // The relay must not wait for the next poll of the database to send it again.
            if (retryAt is { } time)
            {
                _nextRetry = _nextRetry < time ? _nextRetry : time;
                if (_streamsInError.Add(refusal.Stream))
                {
                    logger.Retrying(refusal.Stream, delivery.Queue.Service);
                }
            }
            else
            {
                logger.Parked(refusal.Stream, delivery.Queue.Service);
            }
        }
    }

    private DateTimeOffset? RetryAt(Refusal refusal)
    {
        var now = clock.GetUtcNow();
        var end = (refusal.Event.ParkedAt ?? now) + ErrorRetryTime;
        return refusal.CanRetry && now < end ? now + ErrorRetryInterval : null;
    }

    // Half of the delay is random, so that relays do not come back at the same time.
    private TimeSpan DelayOf(DeliveryAnswer answer, int failures)
    {
        var delay = s_delayMin * Math.Pow(2, Math.Min(failures, 10));
        delay = (delay < s_delayMax ? delay : s_delayMax) * (0.5 + (random.NextDouble() / 2));
        var asked = answer.RetryAfter is { } time && time > s_retryAfterMax ? s_retryAfterMax : answer.RetryAfter;
        return asked > delay ? asked.Value : delay;
    }

    // Null if the row is not one that this library wrote.
    private List<PendingEvent>? EventsOf(long row, byte[] body)
    {
        try
        {
            var events = OutboxBody.Split(delivery.Queue.Dialect, body);
            return events.Count == 0 ? null
                : [.. events.Select((bytes, index) => new PendingEvent(row, index, bytes))];
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
