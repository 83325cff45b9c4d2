namespace WikiBus.Storage.Writing;

/// <summary>
/// Keeps the preparation of the next segment out of the writer's way, since both use one disk: while frames come, it
/// goes on in step with the segment in use, so that it is done in time and its load is spread evenly; while none come,
/// it goes on as fast as it can. Large frames stop it: preparing writes every byte a second time, and what it saves is
/// per flush. The writer tells, the upkeep asks.
/// </summary>
internal sealed class PreparationPace(TimeProvider time)
{
    /// <summary>No frame for so long: nobody waits for the disk.</summary>
    private static readonly TimeSpan IdleAge = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Longest wait for one piece: a thin but steady flow of frames must not hold up the rest of the upkeep.
    /// </summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Preparation goes on evenly while the segment in use fills from this part of it to that one. Not before: where
    /// frames come in bursts, there is time for it between them.
    /// </summary>
    private const double UsedFrom = 3.0 / 8;

    /// <inheritdoc cref="UsedFrom" />
    private const double UsedTo = 15.0 / 16;

    /// <summary>
    /// Frames that are larger than this on average gain nothing by a prepared file: writing as many zeros for each
    /// costs more than it costs the file system to keep the length of a growing one.
    /// </summary>
    private const long FrameBytesMax = 256 * 1024;

    /// <summary>A frame changes the average by this part of what it differs.</summary>
    private const int FrameWeight = 16;

    private long _frameBytes;
    private long _endOffset;
    private long _preparedLength;
    private long _lastFrame;

    /// <summary>A frame was appended to the last segment, which ends here and is prepared up to there.</summary>
    public void FrameWritten(long frameBytes, long endOffset, long preparedLength)
    {
        var average = Volatile.Read(ref _frameBytes);
        Volatile.Write(ref _frameBytes, average + ((frameBytes - average) / FrameWeight));
        Volatile.Write(ref _endOffset, endOffset);
        Volatile.Write(ref _preparedLength, preparedLength);
        Volatile.Write(ref _lastFrame, time.GetTimestamp());
    }

    private bool IsIdle => time.GetElapsedTime(Volatile.Read(ref _lastFrame)) >= IdleAge;

    /// <summary>
    /// Waits until a file of <paramref name="length"/> may be filled beyond <paramref name="offset"/>.
    /// </summary>
    public async Task WaitAsync(long offset, long length, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!MayGoOn(offset, length) && time.GetElapsedTime(started) < WaitMax)
        {
            await Task.Delay(LookInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool MayGoOn(long offset, long length)
    {
        var used = Volatile.Read(ref _endOffset) / Math.Max(1.0, Volatile.Read(ref _preparedLength));
        var isInTime = (double)offset / length < (used - UsedFrom) / (UsedTo - UsedFrom);
        return (isInTime && Volatile.Read(ref _frameBytes) <= FrameBytesMax) || IsIdle;
    }
}
