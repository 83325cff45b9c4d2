namespace WikiBus.Server.Intake.Judging;

/// <summary>What intake decided about one event.</summary>
internal enum EventStatus
{
    Accepted,

    /// <summary>It violates its schema.</summary>
    Invalid,

    /// <summary>Anything else is wrong with it.</summary>
    Error,
}
