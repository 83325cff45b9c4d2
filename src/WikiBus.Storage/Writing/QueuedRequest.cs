using System.Threading.Tasks.Sources;

namespace WikiBus.Storage.Writing;

/// <summary>A request on its way through the writer. One allocation; it is its own completion source.</summary>
internal sealed class QueuedRequest : AppendRequest, IValueTaskSource<AppendResult>
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private ManualResetValueTaskSourceCore<AppendResult> _core = new() { RunContinuationsAsynchronously = true };
    private readonly Action<QueuedRequest>? _onWithdrawn;
    private int _state;

    public QueuedRequest(
        IReadOnlyList<RecordDraft> drafts,
        long byteCount,
        Action<QueuedRequest>? onWithdrawn,
        bool mayContinueInWriter = false)
    {
        Drafts = drafts;
        ByteCount = byteCount;
        MayContinueInWriter = mayContinueInWriter;
        _onWithdrawn = onWithdrawn;
        Outcomes = new RecordOutcome[drafts.Count];
    }

    public IReadOnlyList<RecordDraft> Drafts { get; }

    /// <summary>Encoded length of the records: what the request counts for in the queue and in a frame.</summary>
    public long ByteCount { get; }

    /// <summary>The writer's thread may run what awaits the completion.</summary>
    public bool MayContinueInWriter { get; }

    /// <summary>Filled in by the writer.</summary>
    public RecordOutcome[] Outcomes { get; }

    public override ValueTask<AppendResult> Completion => new(this, _core.Version);

    public override bool TryWithdraw()
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Queued) != Queued)
        {
            return false;
        }

        _onWithdrawn?.Invoke(this);
        Complete(AppendStatus.Withdrawn, "It was withdrawn before the writer took it.");
        return true;
    }

    /// <summary>A request that never came into the queue.</summary>
    public static QueuedRequest Rejected(AppendStatus status, string reason)
    {
        var request = new QueuedRequest([], 0, onWithdrawn: null) { _state = Taken };
        request.Complete(status, reason);
        return request;
    }

    /// <summary>True for the writer, once; false if the request was withdrawn.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    /// <summary>It is stored. What awaits that goes on here, before this returns.</summary>
    public void CompleteHere()
    {
        _core.RunContinuationsAsynchronously = false;
        _core.SetResult(new AppendResult(AppendStatus.Stored, Outcomes));
    }

    /// <summary>Another end; what awaits it goes on elsewhere.</summary>
    public void Complete(AppendStatus status, string reason) => _core.SetResult(new AppendResult(status, [], reason));

    AppendResult IValueTaskSource<AppendResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<AppendResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<AppendResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
