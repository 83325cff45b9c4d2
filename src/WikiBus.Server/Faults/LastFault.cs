namespace WikiBus.Server.Faults;

/// <summary>
/// The last fault of work that repeats and continues after a fault. A fault that recurs is logged once while it lasts.
/// Safe for concurrent use.
/// </summary>
internal sealed class LastFault
{
    private string? _message;

    /// <summary>True if the fault differs from the last one, and so is to be logged.</summary>
    public bool IsNew(Exception exception) =>
        Interlocked.Exchange(ref _message, exception.Message) != exception.Message;

    /// <summary>The work succeeded: the next fault is new, whichever it is.</summary>
    public void Clear() => Volatile.Write(ref _message, null);
}
