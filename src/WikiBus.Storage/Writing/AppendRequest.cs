using WikiBus.Storage.Writing;

namespace WikiBus.Storage;

/// <summary>
/// Records that become durable together or not at all. Made by <see cref="EventLog.Append"/>. Safe for concurrent use.
/// </summary>
public sealed class AppendRequest
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<AppendResult> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly WriteQueue? _queue;
    private int _state;

    internal AppendRequest(IReadOnlyList<RecordDraft> drafts, long byteCount, WriteQueue? queue)
    {
        Drafts = drafts;
        ByteCount = byteCount;
        _queue = queue;
        Outcomes = new RecordOutcome[drafts.Count];
    }

    /// <summary>
    /// Completes once the records are durable, or are known not to be. Never faults, never cancels.
    /// </summary>
    public Task<AppendResult> Completion => _completion.Task;

    internal IReadOnlyList<RecordDraft> Drafts { get; }

    /// <summary>Encoded length of the records: what the request counts for in the queue and in a frame.</summary>
    internal long ByteCount { get; }

    /// <summary>Its place in the queue, which only the queue changes; null: it does not wait.</summary>
    internal LinkedListNode<AppendRequest>? Place { get; set; }

    /// <summary>Filled in by the writer.</summary>
    internal RecordOutcome[] Outcomes { get; }

    /// <summary>
    /// Takes the request back. True: the writer had not taken it and never will; it is certainly not stored, and
    /// <see cref="Completion"/> ends as <see cref="AppendStatus.Withdrawn"/>. False: it is too late; the outcome is
    /// still to come.
    /// </summary>
    public bool TryWithdraw()
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Queued) != Queued)
        {
            return false;
        }

        _queue?.Withdraw(this);
        Complete(AppendStatus.Withdrawn, "It was withdrawn before the writer took it.");
        return true;
    }

    /// <summary>A request that was never queued.</summary>
    internal static AppendRequest Rejected(AppendStatus status, string reason)
    {
        var request = new AppendRequest([], 0, queue: null) { _state = Taken };
        request.Complete(status, reason);
        return request;
    }

    /// <summary>True for the writer, once; false if the request was withdrawn.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    internal void CompleteStored() => _completion.SetResult(new AppendResult(AppendStatus.Stored, Outcomes));

    internal void Complete(AppendStatus status, string reason) =>
        _completion.SetResult(new AppendResult(status, [], reason));
}
