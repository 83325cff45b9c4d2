using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;

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
    private readonly FrameFiller _filler;
    private readonly LogTail _tail;
    private readonly LogPublication _publication;
    private readonly FrameCommit _commit;
    private readonly WriterHealth _health;
    private readonly IndexStore _indexes;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Held by whoever encodes, and to swap frames.</summary>
    private readonly Lock _fillGate = new();
    private readonly Func<QueuedRequest, bool> _fits;
    private PendingFrame _filling;
    private PendingFrame _flushing;
    private int _isAwake;
    private volatile bool _isFlushing;
    private volatile bool _isStopping;

    public LogWriter(
        WriteQueue queue, FrameFiller filler, LogTail tail, LogPublication publication, FrameCommit commit,
        WriterHealth health, IndexStore indexes, int frameBytesMax, TimeProvider time)
    {
        _queue = queue;
        _filler = filler;
        _tail = tail;
        _publication = publication;
        _commit = commit;
        _health = health;
        _indexes = indexes;
        _filling = new PendingFrame(frameBytesMax);
        _flushing = new PendingFrame(frameBytesMax);
        _fits = request => _filling.HasRoomFor(request);
        _thread = new Thread(Run) { IsBackground = true, Name = "event log writer" };
        _timer = time.CreateTimer(_ => Wake(), state: null, ProbeInterval, ProbeInterval);
    }

    public void Start() => _thread.Start();

    /// <summary>There is something to take.</summary>
    public void Notify()
    {
        if (_isFlushing)
        {
            FillDuringFlush();
        }

        Wake();
    }

    /// <summary>Writes what was queued before, marks the end and ends the thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _tail.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (ObjectDisposedException)
            {
                // The timer's last tick may come after the end.
            }
        }
    }

    private void Run()
    {
        // Here and not when the log is opened: readers need not wait for the ids, appends do.
        Guard(_filler.Load);
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

            _wake.Wait();
            Volatile.Write(ref _isAwake, 0);
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
            _isFlushing = false;
            _health.Stopped(exception);
            TakeBack().ForEach(request => request.Complete(AppendStatus.Unknown, _health.Reason));
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

            var frame = TakeFrame();
            if (frame.Requests.Count == 0)
            {
                return;
            }

            Write(frame);
        }
    }

    /// <summary>True if frames may be written: the space is there, and what failed before is mended.</summary>
    private bool IsReady()
    {
        if (_health.IsStopped || !_health.HasSpace())
        {
            return false;
        }

        if (!_health.IsFailed)
        {
            return true;
        }

        try
        {
            _tail.StartSegment();
            _health.Recovered();
            return true;
        }
        catch (IOException exception)
        {
            _health.Failed(exception);
            return false;
        }
    }

    private PendingFrame TakeFrame()
    {
        lock (_fillGate)
        {
            _filler.Trim();
            Fill();
            (_filling, _flushing) = (_flushing, _filling);
            return _flushing;
        }
    }

    private void FillDuringFlush()
    {
        if (_fillGate.TryEnter())
        {
            try
            {
                if (_isFlushing)
                {
                    Fill();
                }
            }
            finally
            {
                _fillGate.Exit();
            }
        }
    }

    private void Fill()
    {
        while (_queue.TryTake(_fits) is { } request)
        {
            if (!_filler.TryFill(_filling, _flushing, request))
            {
                request.Complete(AppendStatus.Refused, "The log has the most streams that it may have.");
            }
        }
    }

    private void Write(PendingFrame frame)
    {
        try
        {
            _isFlushing = true;
            // A frame of repeats alone has nothing to write; what they repeat is durable by now.
            if (frame.Records.Count > 0)
            {
                _tail.Append(frame);
            }
        }
        catch (IOException exception)
        {
            _isFlushing = false;
            Fail(exception);
            return;
        }

        _isFlushing = false;
        _commit.Publish(frame);
        Answer(frame);
    }

    private void Answer(PendingFrame frame)
    {
        foreach (var request in frame.Requests)
        {
            request.Complete();
        }

        lock (_fillGate)
        {
            // Under the gate: repeats look for records in here until the end position says that they are in the file.
            frame.Clear();
        }
    }

    private void Fail(IOException exception)
    {
        _health.Failed(exception);
        var taken = TakeBack();
        try
        {
            _tail.Mend();
        }
        catch (IOException mending)
        {
            _health.Stopped(mending);
        }

        foreach (var request in taken)
        {
            request.Complete(AppendStatus.Unknown, _health.Reason);
        }
    }

    /// <summary>Empties both frames as if their requests had never been taken, and returns these.</summary>
    private List<QueuedRequest> TakeBack()
    {
        lock (_fillGate)
        {
            List<QueuedRequest> taken = [.. _flushing.Requests, .. _filling.Requests];
            _flushing.Clear();
            _filling.Clear();
            _filler.RollBack(_publication.Current.EndPosition);
            return taken;
        }
    }

    private void RefuseAll(string reason)
    {
        if (_filling.Requests.Count > 0)
        {
            // Encoded during the last flush, never written.
            TakeBack().ForEach(request => request.Complete(AppendStatus.Refused, reason));
        }

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
