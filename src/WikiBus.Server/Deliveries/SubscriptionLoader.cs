using Microsoft.Data.Sqlite;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries;

/// <summary>Makes the subscriptions and lanes from the database, at a start.</summary>
internal sealed class SubscriptionLoader(
    EventLog log, LaneParts parts, IReadOnlyDictionary<string, IDeliveryFeature> features,
    DeliveriesDiagnostics diagnostics)
{
    /// <exception cref="InvalidDataException">A row does not hold a subscription.</exception>
    public List<Subscription> Load(SqliteConnection connection)
    {
        var subscriptions = SubscriptionTable.ReadAll(connection).Select(Make).ToDictionary(static made => made.Number);
        var lanes = new Dictionary<long, Lane>();
        foreach (var stored in SubscriptionTable.ReadLanes(connection))
        {
            lanes.Add(stored.Number, LoadLane(connection, subscriptions[stored.Subscription], stored));
        }

        foreach (var line in SubscriptionTable.ReadLines(connection))
        {
            var lane = lanes[line.Lane];
            lane.Deliveries.Restore(line.Line, line.Count, line.Bytes);
            parts.Room.AddWaiting(lane.Subscription, line.Bytes, line.Count);
        }

        foreach (var (lane, count, bytes) in SubscriptionTable.ReadDead(connection))
        {
            parts.Room.AddDead(lanes[lane].Subscription, bytes, count);
        }

        return [.. subscriptions.Values];
    }

    private Subscription Make(StoredSubscription stored)
    {
        var feature = features.GetValueOrDefault(stored.Feature)
            ?? throw new InvalidDataException($"The subscription '{stored.Id}' is of an unknown feature.");
        var subscription = new Subscription
        {
            Number = stored.Number,
            Id = stored.Id,
            Feature = stored.Feature,
            Owner = stored.Owner,
            Definition = stored.Definition,
            Plan = feature.Plan(stored.Definition),
            Version = stored.Version,
            State = stored.State,
            StartPosition = stored.StartPosition,
            CreatedAt = stored.CreatedAt,
            ExpiredCount = stored.ExpiredCount,
            LastError = stored.LastError,
        };
        subscription.Destination.Restore(stored.DownSince);
        return subscription;
    }

    private Lane LoadLane(SqliteConnection connection, Subscription subscription, StoredLane stored)
    {
        var isForeign = stored.Log != log.LogId || stored.Cursor.Position > log.EndPosition;
        var cursor = isForeign ? FindFrom(stored.Cursor) : stored.Cursor;
        var lane = new Lane(stored.Number, subscription, parts, cursor)
        {
            StartPosition = stored.StartPosition,
            EndPosition = stored.EndPosition is { } end ? Math.Min(end, log.EndPosition) : null,
            StoredCursor = stored.Cursor,
        };
        subscription.Lanes.Add(lane);
        if (isForeign)
        {
            NoteForeign(lane, stored);
        }
        else
        {
            foreach (var outcome in SubscriptionTable.ReadAhead(connection, subscription.Number, stored))
            {
                lane.Carry(outcome.Position, outcome.TimeMs, outcome.Tries, outcome.IsSettled);
            }
        }

        if (SubscriptionTable.ReadNextDue(connection, lane.Number) is { } due)
        {
            lane.Deliveries.Rows.DueAt(due);
        }

        return lane;
    }

    // The log was replaced by another one, or by an older copy. Records of the same millisecond may be new ones, and
    // what is known about positions above the cursor is of the other log: rather send a record twice than lose it.
    private LaneCursor FindFrom(LaneCursor cursor) => new(log.FindPosition(cursor.TimeMs), cursor.TimeMs);

    private void NoteForeign(Lane lane, StoredLane stored)
    {
        parts.Pending.MarkCursor(lane);
        if (lane.EndPosition is not null)
        {
            return; // A replay ends with the log that it is of, and loses nothing that was not sent before.
        }

        var (subscription, now) = (lane.Subscription, parts.Now);
        parts.Pending.Add(writer => writer.AddRange(
            subscription.Number, stored.Log, stored.Cursor.Position, end: null, "foreign-log", now));
        diagnostics.LogReplaced(subscription.Id, stored.Log, stored.Cursor.Position, lane.Cursor.Position);
    }
}
