using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// Waits for an append or the deadline, whichever comes first, without allocating: it is done for every request. One
/// wait at a time, begun and ended by one caller; reused from request to request.
/// </summary>
internal sealed class AppendWait : IValueTaskSource<bool>
{
    private const int Waiting = 0;
    private const int Completed = 1;
    private const int TimedOut = 2;

    private readonly Action _onCompleted;
    private ManualResetValueTaskSourceCore<bool> _core;
    private ValueTaskAwaiter<AppendResult> _append;
    private CancellationTokenRegistration _deadline;
    private TaskCompletionSource? _late;
    private int _state;

    public AppendWait() => _onCompleted = OnCompleted;

    /// <summary>After a wait that timed out: done when the append has completed after all.</summary>
    public Task Late => _late!.Task;

    /// <summary>
    /// True: the append has completed. False: the deadline was first; then <see cref="Late"/> must be awaited before
    /// the next wait.
    /// </summary>
    public ValueTask<bool> WaitAsync(AppendRequest request, CancellationToken deadline)
    {
        _core.Reset();
        _state = Waiting;
        _append = request.Completion.GetAwaiter();
        _append.UnsafeOnCompleted(_onCompleted);
        _deadline = deadline.UnsafeRegister(static wait => ((AppendWait)wait!).OnDeadline(), this);
        return new ValueTask<bool>(this, _core.Version);
    }

    /// <summary>Ends a wait that was true: what became of the append.</summary>
    public AppendResult TakeResult()
    {
        _deadline.Dispose();
        return _append.GetResult();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void OnCompleted()
    {
        if (Interlocked.CompareExchange(ref _state, Completed, Waiting) == Waiting)
        {
            _core.SetResult(true);
        }
        else
        {
            _late!.SetResult();
        }
    }

    private void OnDeadline()
    {
        // Before the state tells of it: the append may complete at any time.
        _late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _state, TimedOut, Waiting) == Waiting)
        {
            _core.SetResult(false);
        }
    }
}
