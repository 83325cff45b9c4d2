namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>What a delivery does now.</summary>
internal enum DeliveryState
{
    /// <summary>In memory, to be sent.</summary>
    Queued,

    /// <summary>Its request runs.</summary>
    Running,

    /// <summary>It failed, and there is no room for its waiting row: it is retried from memory.</summary>
    Held,

    /// <summary>Delivered, waiting in the database, dead, or not to be sent.</summary>
    Settled,
}
