using WikiBus.Storage.Reading;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The writer's frames, one after the other: one fills, while the one before it is being written and the one before
/// that is flushed. Any thread may fill; all else belongs to the writer's thread.
/// </summary>
internal sealed class FrameRing : IThreadPoolWorkItem
{
    /// <summary>One that fills, one that is being written, one that is flushed.</summary>
    private const int FrameCount = 3;

    /// <summary>Most records of a request that a thread encodes which is not of the pool.</summary>
    private const int BriefRecordsMax = 32;

    /// <summary>
    /// With so many records it ends, whatever waits still: each may repeat one that has to be read from the disk.
    /// </summary>
    private const int BriefTurnRecordsMax = 128;

    private readonly WriteQueue _queue;
    private readonly FrameFiller _filler;
    private readonly LogPublication _publication;

    /// <summary>Held by whoever encodes, and to take a frame.</summary>
    private readonly Lock _gate = new();
    private readonly Func<QueuedRequest, bool> _fits;
    private readonly Func<QueuedRequest, bool> _fitsAndIsBrief;
    private readonly PendingFrame[] _frames;
    private int _fillingIndex;

    /// <summary>
    /// True if callers may fill: while a taken frame is on its way to the disk. Else the writer fills soon, and alone
    /// it is faster.
    /// </summary>
    private volatile bool _isOpen;

    /// <summary>What nobody expected while a caller filled: the frame must not be written.</summary>
    private Exception? _fault;

    public FrameRing(WriteQueue queue, FrameFiller filler, LogPublication publication, int frameBytesMax)
    {
        _queue = queue;
        _filler = filler;
        _publication = publication;
        _frames = [.. Enumerable.Range(0, FrameCount).Select(_ => new PendingFrame(frameBytesMax))];
        _fits = request => Filling.HasRoomFor(request);
        _fitsAndIsBrief = request => request.Drafts.Count <= BriefRecordsMax && Filling.HasRoomFor(request);
    }

    /// <summary>True if a request waits, or is encoded and not taken. A glance: no lock is taken.</summary>
    public bool HasMore => !_queue.IsEmpty || Filling.Requests.Count > 0;

    private PendingFrame Filling => _frames[Volatile.Read(ref _fillingIndex)];

    /// <summary>Brings back the ids that the log knew before it was opened.</summary>
    public void Load() => _filler.Load();

    /// <summary>
    /// Fills the frame with what waits, and takes it; null if there is none. Of the frames taken before, only the last
    /// one may not be published yet: the one before it fills next.
    /// </summary>
    public PendingFrame? Take()
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                throw new InvalidOperationException("Filling a frame failed.", _fault);
            }

            _isOpen = true;
            _filler.Trim();
            Fill(_fits, int.MaxValue);
            var taken = Filling;
            if (taken.Requests.Count == 0)
            {
                return null;
            }

            var next = (_fillingIndex + 1) % FrameCount;
            // Not before: repeats look for records in it until the end position says that they are in the file.
            _frames[next].Clear();
            Volatile.Write(ref _fillingIndex, next);
            return taken;
        }
    }

    /// <summary>
    /// Encodes what waits into the frame that fills, unless another caller is at it. A thread that is not of the pool
    /// may be one that others wait for, so it does a little only.
    /// </summary>
    public void FillByCaller()
    {
        if (!_isOpen || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            // The flush may have ended, even failed, since: what was filled then would never be taken back.
            if (_isOpen && Thread.CurrentThread.IsThreadPoolThread)
            {
                Fill(_fits, int.MaxValue);
            }
            else if (_isOpen)
            {
                Fill(_fitsAndIsBrief, BriefTurnRecordsMax);
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

    /// <summary>No frame is on its way to the disk; callers do not fill until the next take.</summary>
    public void Close() => _isOpen = false;

    /// <summary>As a work item: it is another thread's turn to encode what did not fit into the frame.</summary>
    void IThreadPoolWorkItem.Execute() => FillByCaller();

    /// <summary>
    /// Empties all frames as if their requests had never been taken, and returns these, the oldest first. None may be
    /// on its way to the file.
    /// </summary>
    public List<QueuedRequest> TakeBack()
    {
        lock (_gate)
        {
            _isOpen = false;
            var taken = new List<QueuedRequest>();
            for (var age = 1; age <= FrameCount; age++)
            {
                taken.AddRange(_frames[(_fillingIndex + age) % FrameCount].Requests);
            }

            if (taken.Count > 0)
            {
                Array.ForEach(_frames, static frame => frame.Clear());
                _filler.RollBack(_publication.Current.EndPosition);
            }

            return taken;
        }
    }

    /// <summary>Encodes the oldest requests, up to one that does not fit, or with which so many records came.</summary>
    private void Fill(Func<QueuedRequest, bool> fits, int recordCount)
    {
        while (recordCount > 0 && _queue.TryTake(fits) is { } request)
        {
            recordCount -= request.Drafts.Count;
            if (_filler.Fill(Filling, _frames, request) is { } refusal)
            {
                request.Complete(AppendStatus.Refused, refusal);
            }
        }
    }
}
