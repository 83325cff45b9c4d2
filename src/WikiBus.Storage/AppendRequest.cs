namespace WikiBus.Storage;

/// <summary>
/// Records that become durable together or not at all. Made by <see cref="EventLog.Append"/>.
/// </summary>
public abstract class AppendRequest
{
    /// <summary>
    /// Completes once the records are durable, or are known not to be. Never faults, never cancels. What awaits it goes
    /// on in a thread that answers other requests after it, so it should not block.
    /// </summary>
    public abstract ValueTask<AppendResult> Completion { get; }

    /// <summary>
    /// Takes the request back. True: the writer had not taken it and never will; it is certainly not stored, and
    /// <see cref="Completion"/> ends as <see cref="AppendStatus.Withdrawn"/>. False: it is too late; the outcome is
    /// still to come.
    /// </summary>
    public abstract bool TryWithdraw();
}
