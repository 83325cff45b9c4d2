namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>Whether a destination takes records.</summary>
internal enum DestinationState
{
    Up,

    /// <summary>It cannot be reached, or takes nothing now.</summary>
    Down,

    /// <summary>It answers, but every record fails.</summary>
    Failing,
}
