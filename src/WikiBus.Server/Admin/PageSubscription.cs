using WikiBus.Server.Deliveries;

namespace WikiBus.Server.Admin;

/// <summary>A subscription as the page shows it. The members are those of <see cref="SubscriptionStatus"/>.</summary>
internal sealed record PageSubscription(
    string Id, string Owner, string State, string? Reason, long Lag, double LagSeconds, int Waiting, int Dead,
    PageError? LastError)
{
    public static PageSubscription Of(SubscriptionStatus status) => new(
        status.Id, status.Owner, status.State, status.Reason, status.Lag, Math.Round(status.LagTime.TotalSeconds),
        status.Waiting, status.Dead,
        status.LastError is { } error ? new PageError(error.At.UtcDateTime, error.Record, error.Message) : null);
}

/// <summary>The last try that did not succeed.</summary>
internal sealed record PageError(DateTime At, string Record, string Message);
