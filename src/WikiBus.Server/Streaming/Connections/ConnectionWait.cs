using System.Diagnostics;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Where one connection waits until something wakes it, without a buffer, a timer or a thread.
/// </summary>
/// <remarks>
/// One thread owns the connection at a time. While it waits, none does. A thread that takes it (<see cref="TryTake"/>)
/// owns it until it waits again. A waker first changes what it wakes for, then looks at the state. The connection first
/// sets its state, then looks at what it could be woken for. Both use full fences, so at least one sees the other.
/// </remarks>
internal sealed class ConnectionWait
{
    private const int Running = 0;
    private const int Waiting = 1;

    private TaskCompletionSource _woken = new();
    private int _state = Running;

    /// <summary>
    /// Begins to wait. The owner must then look for a reason to run, and <see cref="Wake"/> itself if there is one.
    /// </summary>
    /// <returns>Completes when the connection is woken.</returns>
    public Task Begin()
    {
        Debug.Assert(Volatile.Read(ref _state) == Running, "Only the owner waits.");

        // The continuation runs in the waker's thread: most often it is the next write, of some microseconds.
        var woken = _woken = new TaskCompletionSource();
        PutBack();
        return woken.Task;
    }

    /// <summary>Takes a connection that waits. The caller must <see cref="Resume"/> it or put it back.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>Lets a connection that was taken wait again. After this, too, the caller looks for a reason.</summary>
    public void PutBack() => Interlocked.Exchange(ref _state, Waiting);

    /// <summary>Lets a connection that was taken run.</summary>
    public void Resume() => _woken.SetResult();

    /// <summary>Wakes the connection if it waits. Any thread.</summary>
    public void Wake()
    {
        if (TryTake())
        {
            Resume();
        }
    }
}
