using WikiBus.Storage.Reading;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The writer's two frames: one fills while the other is flushed. Any thread may fill during a flush; all else belongs
/// to the writer's thread.
/// </summary>
internal sealed class FramePair : IThreadPoolWorkItem
{
    private readonly WriteQueue _queue;
    private readonly FrameFiller _filler;
    private readonly LogPublication _publication;

    /// <summary>Held by whoever encodes, and to swap frames.</summary>
    private readonly Lock _gate = new();
    private readonly Func<QueuedRequest, bool> _fits;
    private PendingFrame _filling;
    private PendingFrame _flushing;
    private volatile bool _isFlushing;

    /// <summary>What nobody expected while a caller filled: the frame must not be written.</summary>
    private Exception? _fault;

    public FramePair(WriteQueue queue, FrameFiller filler, LogPublication publication, int frameBytesMax)
    {
        _queue = queue;
        _filler = filler;
        _publication = publication;
        _filling = new PendingFrame(frameBytesMax);
        _flushing = new PendingFrame(frameBytesMax);
        _fits = request => _filling.HasRoomFor(request);
    }

    /// <summary>Brings back the ids that the log knew before it was opened.</summary>
    public void Load() => _filler.Load();

    /// <summary>
    /// Fills the next frame with what waits, and takes it; its flush begins. The one taken before is done with.
    /// </summary>
    public PendingFrame Take()
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                throw new InvalidOperationException("Filling a frame failed.", _fault);
            }

            // Not before: repeats look for records in it until the end position says that they are in the file.
            _flushing.Clear();
            _filler.Trim();
            Fill();
            (_filling, _flushing) = (_flushing, _filling);
            _isFlushing = true;
            return _flushing;
        }
    }

    /// <summary>If a flush runs, encodes what waits into the frame after it, unless another caller is at it.</summary>
    public void FillDuringFlush()
    {
        if (!_isFlushing || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            // The flush may have ended, even failed, since: what was filled then would never be taken back.
            if (_isFlushing)
            {
                Fill();
            }
        }
        catch (Exception exception)
        {
            // Not the caller's: its request is in the frame, and the writer's thread stops the log for it.
            _fault = exception;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>As a work item: it is another thread's turn to encode what did not fit into the frame.</summary>
    void IThreadPoolWorkItem.Execute() => FillDuringFlush();

    /// <summary>The flush of the frame that was taken has ended; nobody fills until the next one.</summary>
    public void EndFlush() => _isFlushing = false;

    /// <summary>Empties both frames as if their requests had never been taken, and returns these.</summary>
    public List<QueuedRequest> TakeBack()
    {
        lock (_gate)
        {
            _isFlushing = false;
            List<QueuedRequest> taken = [.. _flushing.Requests, .. _filling.Requests];
            if (taken.Count > 0)
            {
                _flushing.Clear();
                _filling.Clear();
                _filler.RollBack(_publication.Current.EndPosition);
            }

            return taken;
        }
    }

    private void Fill()
    {
        while (_queue.TryTake(_fits) is { } request)
        {
            if (_filler.Fill(_filling, _flushing, request) is { } refusal)
            {
                request.Complete(AppendStatus.Refused, refusal);
            }
        }
    }
}
