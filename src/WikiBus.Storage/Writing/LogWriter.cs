using WikiBus.Storage.Indexes;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The one writer. Its thread does, again and again:
/// 1. take: what waits in the queue is encoded into the filling frame, and the next one fills from then on (whoever
/// appends meanwhile encodes into it);
/// 2. begin to write the frame; while the system does, flush the frame before it;
/// 3. when more waits already, and the frame is large or of few requests, go on with 1, else flush this one, too.
/// A frame that is flushed is published (indexes, streams, then the end position), and its requests are answered.
/// Two frames at most are not durable. After a failure all that were taken are answered as unknown, the
/// end is mended, and a new segment is tried once a second; nothing is taken meanwhile.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where so many requests share a frame, and it is no large one, more are on their way: the next one is not written
    /// during its flush, and holds what arrives until then.
    /// </summary>
    private const int SharedFrameRequestsMin = 4;

    /// <inheritdoc cref="SharedFrameRequestsMin" />
    private const int LoneFrameBytesMax = 256 * 1024;

    /// <summary>Behind a larger frame, what waits already is encoded by the thread pool.</summary>
    private const int SmallFrameBytesMax = 32 * 1024;

    private readonly WriteQueue _queue;
    private readonly FrameRing _frames;
    private readonly LogTail _tail;
    private readonly FrameCommit _commit;
    private readonly WriterHealth _health;
    private readonly WriterMending _mending;
    private readonly IndexStore _indexes;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly WriterSleep _sleep = new();
    private readonly Action _flushLast;
    private volatile bool _isStopping;

    /// <summary>Written (or of repeats alone), and neither durable nor answered.</summary>
    private PendingFrame? _unflushed;

    /// <summary>A frame became durable since the log was opened.</summary>
    private bool _hasFlushed;

    public LogWriter(
        WriteQueue queue,
        FrameRing frames,
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
        _flushLast = FlushLast;
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
        _frames.FillByCaller();
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
            _unflushed = null;
            _frames.TakeBack().ForEach(request => request.Complete(AppendStatus.Unknown, _health.Reason));
            RefuseAll(_health.Reason);
        }
    }

    private void WriteAllThatWaits()
    {
        while (true)
        {
            try
            {
                if (!TryWriteNext())
                {
                    return;
                }
            }
            catch (IOException exception)
            {
                Fail(exception);
            }
        }
    }

    /// <summary>False if nothing waits any more.</summary>
    private bool TryWriteNext()
    {
        if (!IsReady())
        {
            RefuseAll(_health.Reason);
            return false;
        }

        if (_frames.Take() is not { } frame)
        {
            FlushLast();
            _frames.Close();
            return false;
        }

        if (!_health.HasSpaceFor(_tail.SpaceFor(frame)))
        {
            RefuseAll(_health.Reason);
            return false;
        }

        if (frame.Buffer.BodyLength > SmallFrameBytesMax && !_queue.IsEmpty)
        {
            // More may wait than a frame holds, and perhaps nobody appends during this flush.
            ThreadPool.UnsafeQueueUserWorkItem(_frames, preferLocal: false);
        }

        Write(frame);
        return true;
    }

    /// <summary>True if frames may be written: the space is there, and what failed before is mended.</summary>
    private bool IsReady() =>
        !_health.IsStopped && _health.HasSpace() && (!_health.IsFailed || _mending.TryFinish());

    private void Write(PendingFrame frame)
    {
        // A frame of repeats alone has nothing to write.
        if (frame.Records.Count > 0)
        {
            if (_tail.IsFullFor(frame))
            {
                FlushLast();
                _tail.StartSegment();
            }

            _tail.Write(frame, meanwhile: _unflushed is null ? null : _flushLast);
        }

        FlushLast();
        _unflushed = frame;
        // The first one alone: recovery takes zeros right behind an end mark for the end of the log.
        if (!_hasFlushed || IsAlone(frame) || !_frames.HasMore)
        {
            FlushLast();
            _frames.Close();
        }
    }

    private static bool IsAlone(PendingFrame frame) =>
        frame.Requests.Count >= SharedFrameRequestsMin && frame.Buffer.BodyLength <= LoneFrameBytesMax;

    private void FlushLast()
    {
        if (_unflushed is not { } frame)
        {
            return;
        }

        // What repeats alone repeat is durable by now.
        if (frame.Records.Count > 0)
        {
            _tail.Flush(frame);
            _commit.Publish(frame);
            _hasFlushed = true;
        }

        _unflushed = null;
        FinishedRequests.Answer(frame.TakeRequests());
    }

    private void Fail(IOException exception)
    {
        _unflushed = null;
        var taken = _frames.TakeBack();
        _mending.Begin(exception);
        foreach (var request in taken)
        {
            request.Complete(AppendStatus.Unknown, _health.Reason);
        }
    }

    private void RefuseAll(string reason)
    {
        FlushLast();
        // Encoded or taken, never written.
        _frames.TakeBack().ForEach(request => request.Complete(AppendStatus.Refused, reason));
        while (_queue.TryTake(static _ => true) is { } request)
        {
            request.Complete(AppendStatus.Refused, reason);
        }
    }

    private void End()
    {
        try
        {
            RefuseAll("The log is stopping.");
        }
        catch (IOException exception)
        {
            Fail(exception);
            RefuseAll("The log is stopping.");
        }

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
