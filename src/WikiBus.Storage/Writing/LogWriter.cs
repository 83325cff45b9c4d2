using WikiBus.Storage.Indexes;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The one writer. Its thread does, again and again:
/// 1. take: what waits in the queue is encoded into the filling frame, and the frame is swapped for an empty one;
/// 2. write and flush it, while callers fill the other frame (whoever appends during a flush encodes into it);
/// 3. publish: indexes, streams, then the end position;
/// 4. answer all requests of the frame. One frame is unflushed at any time. After a failure all that were taken are
/// answered as unknown, the end is mended, and a new segment is tried once a second; nothing is taken meanwhile.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly WriteQueue _queue;
    private readonly FramePair _frames;
    private readonly LogTail _tail;
    private readonly FrameCommit _commit;
    private readonly WriterHealth _health;
    private readonly WriterMending _mending;
    private readonly IndexStore _indexes;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly WriterSleep _sleep = new();
    private readonly FrameGathering _gathering = new();
    private volatile bool _isStopping;

    public LogWriter(
        WriteQueue queue,
        FramePair frames,
        LogTail tail,
        FrameCommit commit,
        WriterHealth health,
        IndexStore indexes,
        TimeProvider time)
    {
        _queue = queue;
        _frames = frames;
        _tail = tail;
        _commit = commit;
        _health = health;
        _mending = new WriterMending(tail, health);
        _indexes = indexes;
        _thread = new Thread(Run) { IsBackground = true, Name = "event log writer" };
        _timer = time.CreateTimer(_ => _sleep.Wake(), state: null, ProbeInterval, ProbeInterval);
    }

    public void Start() => _thread.Start();

    /// <summary>There is something to take.</summary>
    public void Notify()
    {
        _frames.FillDuringFlush();
        _sleep.Wake();
    }

    /// <summary>Writes what was queued before, marks the end and ends the thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        _sleep.Wake();
        _thread.Join();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _tail.Dispose();
        _sleep.Dispose();
    }

    private void Run()
    {
        WriterPriority.Raise();
        // Here and not when the log is opened: readers need not wait for the ids, appends do.
        Guard(_frames.Load);
        while (true)
        {
            // Stopping is looked at before the queue: what was queued before Stop is still taken.
            var isLast = _isStopping;
            Guard(WriteAllThatWaits);
            if (isLast)
            {
                Guard(End);
                return;
            }

            _sleep.Wait();
        }
    }

    /// <summary>An exception that nobody expected stops the log: what it left in memory must not be written.</summary>
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            _health.Stopped(exception);
            _frames.TakeBack().ForEach(request => request.Complete(AppendStatus.Unknown, _health.Reason));
            RefuseAll(_health.Reason);
        }
    }

    private void WriteAllThatWaits()
    {
        while (true)
        {
            if (!IsReady())
            {
                RefuseAll(_health.Reason);
                return;
            }

            _gathering.Wait();
            var frame = _frames.Take();
            _gathering.Took(frame);
            if (frame.Requests.Count == 0)
            {
                _frames.EndFlush();
                return;
            }

            if (!_health.HasSpaceFor(_tail.SpaceFor(frame)))
            {
                RefuseAll(_health.Reason);
                return;
            }

            if (!_queue.IsEmpty)
            {
                // More waits than a frame holds, and perhaps nobody appends during this flush.
                ThreadPool.UnsafeQueueUserWorkItem(_frames, preferLocal: false);
            }

            Write(frame);
        }
    }

    /// <summary>True if frames may be written: the space is there, and what failed before is mended.</summary>
    private bool IsReady() =>
        !_health.IsStopped && _health.HasSpace() && (!_health.IsFailed || _mending.TryFinish());

    private void Write(PendingFrame frame)
    {
        try
        {
            // A frame of repeats alone has nothing to write; what they repeat is durable by now.
            if (frame.Records.Count > 0)
            {
                _tail.Append(frame);
            }
        }
        catch (IOException exception)
        {
            Fail(exception);
            return;
        }

        _frames.EndFlush();
        _commit.Publish(frame);
        ThreadPool.UnsafeQueueUserWorkItem(new FinishedRequests(frame.TakeRequests()), preferLocal: false);
    }

    private void Fail(IOException exception)
    {
        var taken = _frames.TakeBack();
        _mending.Begin(exception);
        foreach (var request in taken)
        {
            request.Complete(AppendStatus.Unknown, _health.Reason);
        }
    }

    private void RefuseAll(string reason)
    {
        // Encoded during the last flush or taken just now, never written.
        _frames.TakeBack().ForEach(request => request.Complete(AppendStatus.Refused, reason));
        while (_queue.TryTake(static _ => true) is { } request)
        {
            request.Complete(AppendStatus.Refused, reason);
        }
    }

    private void End()
    {
        RefuseAll("The log is stopping.");
        if (_health.IsFailed || _health.IsStopped)
        {
            return;
        }

        try
        {
            _tail.MarkEnd(_indexes);
        }
        catch (IOException exception)
        {
            _health.Failed(exception);
        }
    }
}
