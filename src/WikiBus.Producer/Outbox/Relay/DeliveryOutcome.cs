namespace WikiBus.Producer.Outbox.Relay;

/// <summary>What an answer means for the events of a request.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The service has all events but those that it refused.</summary>
    Judged,

    /// <summary>The request had too much.</summary>
    TooLarge,

    /// <summary>The same request can succeed later.</summary>
    Again,

    /// <summary>The same request can succeed after somebody has mended the settings.</summary>
    Alarm,
}
