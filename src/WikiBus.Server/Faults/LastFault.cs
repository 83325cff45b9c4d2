namespace WikiBus.Server.Faults;

/// <summary>
/// The fault of work that is done again and again and goes on whatever happens: what recurs is told once while it
/// lasts. Safe for concurrent use.
/// </summary>
internal sealed class LastFault
{
    private string? _message;

    /// <summary>True if the fault is another one than the last, and so is to be told.</summary>
    public bool IsNew(Exception exception) =>
        Interlocked.Exchange(ref _message, exception.Message) != exception.Message;

    /// <summary>The work succeeded: the next fault is told, whichever it is.</summary>
    public void Clear() => Volatile.Write(ref _message, null);
}
