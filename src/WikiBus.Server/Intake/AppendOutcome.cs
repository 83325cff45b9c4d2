namespace WikiBus.Server.Intake;

/// <summary>What is known about an append when it has to be answered.</summary>
internal enum AppendOutcome
{
    /// <summary>Every record is on disk, or was there already.</summary>
    Stored,

    /// <summary>Certainly not stored.</summary>
    NotStored,

    /// <summary>Perhaps stored. Repeating with the same ids is safe.</summary>
    Unknown,
}
