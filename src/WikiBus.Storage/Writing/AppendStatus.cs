namespace WikiBus.Storage;

/// <summary>What became of an append.</summary>
public enum AppendStatus
{
    /// <summary>Every record is on disk, or was there already.</summary>
    Stored,

    /// <summary>Not stored: the queue is full. Repeat later.</summary>
    QueueFull,

    /// <summary>Not stored: it was withdrawn before the writer took it.</summary>
    Withdrawn,

    /// <summary>
    /// Not stored: the log does not take records now (full or failing disk, too many streams, stopping).
    /// </summary>
    Refused,

    /// <summary>Whether it is stored is unknown: the write or the flush failed. Repeat with the same ids.</summary>
    Unknown,
}
