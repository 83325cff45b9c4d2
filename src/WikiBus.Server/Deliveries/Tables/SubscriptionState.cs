namespace WikiBus.Server.Deliveries.Tables;

/// <summary>What people or answers decided about a subscription. The numbers are in the state database.</summary>
internal enum SubscriptionState
{
    Active = 1,
    Paused = 2,

    /// <summary>The recipient answered that it wants nothing any more.</summary>
    Gone = 3,

    /// <summary>The destination was down for too long, or too many deliveries are dead.</summary>
    Suspended = 4,
}
