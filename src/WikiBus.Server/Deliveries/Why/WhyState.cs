namespace WikiBus.Server.Deliveries.Why;

/// <summary>The names of the states.</summary>
internal static class WhyState
{
    public const string Delivered = "delivered";
    public const string Pending = "pending";
    public const string Waiting = "waiting";
    public const string Dead = "dead";
    public const string NotMatching = "not-matching";
    public const string NotEntitled = "not-entitled";
    public const string BeforeStart = "before-start";
    public const string Expired = "expired";
    public const string Skipped = "skipped";
    public const string Lost = "lost";
    public const string Dropped = "dropped";
    public const string Settled = "settled";
    public const string UnknownRecord = "unknown-record";
}
