namespace WikiBus.Server.Intake;

/// <summary>What intake makes of one event before anything is stored.</summary>
internal enum EventStatus
{
    Accepted,

    /// <summary>It violates its schema.</summary>
    Invalid,

    /// <summary>Anything else is wrong with it.</summary>
    Error,
}
