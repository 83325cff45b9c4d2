using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries;

/// <summary>A subscription at one moment.</summary>
internal sealed record SubscriptionStatus
{
    public required long Number { get; init; }

    public required string Id { get; init; }

    public required string Feature { get; init; }

    public required string Owner { get; init; }

    public required string Definition { get; init; }

    /// <inheritdoc cref="SubscriptionPlan.Target"/>
    public required string Target { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>active</c>, <c>paused</c>, <c>down</c>, <c>suspended</c>, <c>gone</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why the destination is down or failing, in one word; null: it is up.</summary>
    public required string? Reason { get; init; }

    /// <summary>When it first went down or began to fail since the last success; null: it did not.</summary>
    public required DateTimeOffset? DownSince { get; init; }

    /// <summary>The place below which everything is settled.</summary>
    public required LaneCursor Cursor { get; init; }

    /// <summary>How many positions of the log are above the cursor.</summary>
    public required long Lag { get; init; }

    /// <summary>The age of the oldest record that is not settled.</summary>
    public required TimeSpan LagTime { get; init; }

    public required int Waiting { get; init; }

    public required int Dead { get; init; }

    /// <summary>Records that were too old to be sent.</summary>
    public required long Expired { get; init; }

    public required LastError? LastError { get; init; }

    /// <summary>The replay that runs; null: none.</summary>
    public required ReplayStatus? Replay { get; init; }

    /// <summary>The status now. The caller holds the engine's lock.</summary>
    public static SubscriptionStatus Of(
        Subscription subscription, SubscriptionOwners owners, long logEnd, DateTimeOffset now)
    {
        var destination = subscription.Destination;
        var cursor = subscription.Live.Cursor;
        var lag = Math.Max(0, logEnd - cursor.Position);
        var oldestMs = subscription.Live.OldestTimeMs ?? cursor.TimeMs;
        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(oldestMs);
        return new SubscriptionStatus
        {
            Number = subscription.Number,
            Id = subscription.Id,
            Feature = subscription.Feature,
            Owner = subscription.Owner,
            Definition = subscription.Definition,
            Target = subscription.Plan.Target,
            Version = subscription.Version,
            CreatedAt = subscription.CreatedAt,
            State = subscription.StateName(owners),
            Reason = destination.Reason,
            DownSince = destination.Since,
            Cursor = cursor,
            Lag = lag,
            LagTime = lag == 0 || age < TimeSpan.Zero ? TimeSpan.Zero : age,
            Waiting = subscription.Counts.Waiting,
            Dead = subscription.Counts.Dead,
            Expired = subscription.ExpiredCount,
            LastError = subscription.LastError,
            Replay = subscription.Replay is { } replay
                ? new ReplayStatus(
                    replay.StartPosition, replay.EndPosition!.Value, replay.Cursor.Position,
                    replay.Deliveries.WaitingCount)
                : null,
        };
    }
}

/// <summary>A replay that runs.</summary>
/// <param name="From">Its first position.</param>
/// <param name="End">The position at which it ends.</param>
/// <param name="Cursor">Everything below is settled.</param>
/// <param name="Waiting">Deliveries of it that wait for their next try.</param>
internal sealed record ReplayStatus(long From, long End, long Cursor, int Waiting);
