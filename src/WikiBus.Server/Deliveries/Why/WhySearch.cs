using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>Collects what is known about a record and a subscription. Safe for concurrent use.</summary>
internal sealed class WhySearch(
    Committer committer, StateDatabase state, LaneParts parts, SubscriptionBook book, EventLog log)
{
    /// <summary>Null: the subscription was deleted meanwhile.</summary>
    /// <exception cref="StateException">The database cannot be read.</exception>
    /// <exception cref="LogDamagedException">The record cannot be read.</exception>
    public Task<WhyFacts?> FindAsync(Subscription subscription, RecordName name)
    {
        var record = name.Find(log);
        var filter = record is null
            ? new HistoryFilter(name.Position, Stream: name.Stream, Offset: name.Offset)
            : new HistoryFilter(record.Position, record.TimeMs);
        return committer.InTurnAsync(async () =>
        {
            var number = subscription.Number;
            var (row, decisive, ranges) = await state.ReadAsync(connection => (
                WaitingTable.Find(connection, number, filter),
                HistoryTable.FindDecisive(connection, number, filter),
                SubscriptionTable.ReadRanges(connection, number)));
            lock (parts.Lock)
            {
                if (!book.Contains(subscription))
                {
                    return null;
                }

                var (replayCursor, replayEnd) = subscription.Replay is { } replay
                    ? (replay.Cursor.Position, replay.EndPosition ?? 0)
                    : (0, 0);
                return new WhyFacts
                {
                    Name = name,
                    Record = record,
                    Row = row,
                    Try = decisive,
                    Ranges = ranges,
                    SubscriptionId = subscription.Id,
                    SubscriptionState = subscription.StateName(parts.Owners),
                    StartPosition = subscription.StartPosition,
                    Cursor = subscription.Live.Cursor.Position,
                    IsInReplay = position => position >= replayCursor && position < replayEnd,
                    Rules = subscription.Plan.Rules,
                    IsEntitled = record is not null && parts.Owners.MayRead(subscription.Owner, record),
                    LogId = log.LogId,
                    FirstPosition = log.FirstPosition,
                };
            }
        });
    }
}
