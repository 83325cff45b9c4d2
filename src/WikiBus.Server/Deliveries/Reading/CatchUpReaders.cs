using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>
/// Reads the log for lanes that are behind, and for replays. At most <see cref="DeliveriesOptions.CatchUpReadersMax"/>
/// lanes are read at the same time, in turns.
/// </summary>
internal sealed class CatchUpReaders(
    EventLog log, LaneParts parts, HeadLoop head, DeliveriesDiagnostics diagnostics)
{
    /// <summary>About the bytes that one turn reads.</summary>
    private const int TurnBytesMax = 1 << 20;

    /// <summary>Most reads of a turn. Each may pass over 1 MiB of records of other streams.</summary>
    private const int TurnReadsMax = 64;

    /// <summary>A lane that met damage in the log is read again after this time.</summary>
    private static readonly TimeSpan s_damageDelay = TimeSpan.FromMinutes(1);

    private int _openCount;

    /// <summary>The most readers that were open at the same time, for tests.</summary>
    public int OpenCountMax { get; private set; }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Enumerable.Range(0, parts.Options.CatchUpReadersMax).Select(_ => ReadLanesAsync(cancellationToken)));

    private async Task ReadLanesAsync(CancellationToken cancellationToken)
    {
        using var batch = new RecordBatch();
        await foreach (var lane in parts.Queues.Behind.ReadAllAsync(cancellationToken))
        {
            ReadTurn(lane, batch);

            // Other work of the thread pool goes first.
            await Task.Yield();
        }
    }

    private void ReadTurn(Lane lane, RecordBatch batch)
    {
        LaneCursor place;
        long end;
        int epoch;
        IReadOnlyList<RecordRules> rules;
        lock (parts.Lock)
        {
            if (!lane.NeedsReading)
            {
                Continue(lane);
                return;
            }

            (place, epoch, rules) = (lane.ReadPlace, lane.Epoch, lane.Subscription.Plan.Rules);
            end = lane.EndPosition ?? parts.Head.Position;
            _openCount++;
            OpenCountMax = Math.Max(OpenCountMax, _openCount);
        }

        try
        {
            Read(lane, new Turn(place, end, epoch, rules, new RuleIndex<Lane>([lane], _ => rules)), batch);
        }
        catch (Exception exception)
        {
            Postpone(lane, exception);
        }
        finally
        {
            lock (parts.Lock)
            {
                _openCount--;
                Continue(lane);
            }
        }
    }

    private void Read(Lane lane, Turn turn, RecordBatch batch)
    {
        var streams = log.StreamNames.Where(stream => turn.Rules.Any(rules => rules.HasStream(stream)))
            .ToHashSet(StringComparer.Ordinal);
        using var reader = log.OpenReader(turn.Place.Position, new ReadFilter { Streams = streams });
        var found = new HashSet<Lane>();
        var (place, bytes) = (turn.Place, 0L);
        for (var reads = 0; reads < TurnReadsMax && bytes < TurnBytesMax && place.Position < turn.End; reads++)
        {
            reader.Read(batch);
            var offers = new List<(DeliveryRecord Record, long TimeBelowMs)>();
            var timeMs = place.TimeMs;
            foreach (var record in batch.Records)
            {
                bytes += record.Payload.Length;
                if (record.Position >= turn.End)
                {
                    break;
                }

                found.Clear();
                turn.Index.Find(record, static _ => true, found);
                if (found.Count > 0)
                {
                    offers.Add((DeliveryRecord.Of(record), timeMs));
                }

                timeMs = record.TimeMs;
            }

            var next = batch.Records is [var first, ..] ? first.Position : reader.Position;
            var lost = FindLost(place.Position, next);
            place = new LaneCursor(Math.Min(reader.Position, turn.End), timeMs);
            if (!TryOffer(lane, turn, offers, place, lost))
            {
                return;
            }
        }
    }

    // False: the lane takes no more, or reads at another place now.
    private bool TryOffer(
        Lane lane, Turn turn, List<(DeliveryRecord Record, long TimeBelowMs)> offers, LaneCursor place, LostRange? lost)
    {
        lock (parts.Lock)
        {
            if (lane.Epoch != turn.Epoch)
            {
                return false;
            }

            if (lost is not null)
            {
                NoteLost(lane, lost);
            }

            foreach (var (record, timeBelowMs) in offers)
            {
                if (!lane.WantsMore)
                {
                    lane.Pass(new LaneCursor(record.Position, timeBelowMs));
                    return false;
                }

                lane.Offer(record, timeBelowMs);
            }

            lane.Pass(place);
            parts.Queues.Touch(lane);
            return lane.WantsMore;
        }
    }

    // Retention removed records before the lane came to them.
    private LostRange? FindLost(long from, long next) =>
        log.FirstPosition is var first && from < first && next >= first ? new LostRange(from, first) : null;

    // The lane passes the range under the same lock, so it is listed once.
    private void NoteLost(Lane lane, LostRange lost)
    {
        var (number, now) = (lane.Subscription.Number, parts.Now);
        parts.Pending.Add(writer => writer.AddRange(number, log.LogId, lost.From, lost.End, "retention", now));
        diagnostics.RecordsLost(lane.Subscription.Id, lost.From, lost.End);
    }

    private void Postpone(Lane lane, Exception exception)
    {
        if (exception is LogDamagedException or IOException)
        {
            diagnostics.RecordDamaged(exception);
        }
        else
        {
            diagnostics.LoopFailed(exception);
        }

        lock (parts.Lock)
        {
            lane.ReadableAt = parts.Now + s_damageDelay;
        }
    }

    /// <summary>Under the engine's lock: reads the lane again in a later turn, or lets it join the head.</summary>
    private void Continue(Lane lane)
    {
        lane.IsCatchingUp = false;
        if (lane is { EndPosition: null, IsAttached: false, WantsMore: true }
            && lane.ReadPlace.Position >= parts.Head.Position)
        {
            head.Join(lane);
        }

        parts.Queues.Touch(lane);
    }

    private sealed record LostRange(long From, long End);

    private sealed record Turn(
        LaneCursor Place, long End, int Epoch, IReadOnlyList<RecordRules> Rules, RuleIndex<Lane> Index);
}
