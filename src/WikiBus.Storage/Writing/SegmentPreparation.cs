using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Decides how much is prepared: little for a small log, more as it grows, nothing when space is short.
/// </summary>
internal sealed class SegmentPreparation(
    IFileSystem files,
    string directory,
    SegmentFactory factory,
    PreparationPace pace,
    EventLogOptions options,
    TimeProvider time)
{
    /// <summary>After this the space is looked at again when it was short.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private const long LengthMin = 1 << 20;
    private const long LengthFirst = 16 << 20;
    private const int Growth = 4;

    /// <summary>Preparing may use this part of the space that is free beyond the reserve.</summary>
    private const int SpaceShare = 4;

    private long _lastRun;

    public bool IsNeeded => factory.PreparedLength == 0
        && (Volatile.Read(ref _lastRun) == 0 || time.GetElapsedTime(Volatile.Read(ref _lastRun)) >= RetryDelay);

    public async Task RunAsync(long lengthBefore, CancellationToken cancellationToken)
    {
        var length = PageBuffer.PageStart(
            Math.Min(Math.Max(lengthBefore * Growth, LengthFirst), options.SegmentBytesMax));
        var free = files.FreeBytes(directory) - options.FreeBytesMin;
        while (length > LengthMin && length > free / SpaceShare)
        {
            length = PageBuffer.PageStart(length / 2);
        }

        Volatile.Write(ref _lastRun, 0);
        if (factory.PreparedLength > 0)
        {
            return;
        }

        if (length > free / SpaceShare || !await TryPrepareAsync(length, cancellationToken).ConfigureAwait(false))
        {
            Volatile.Write(ref _lastRun, time.GetTimestamp());
        }
    }

    /// <summary>False, with the space given back, if the rest of the file does not fit any more.</summary>
    private async Task<bool> TryPrepareAsync(long length, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await factory.PrepareAsync(length, WaitAsync, ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        async Task WaitAsync(long offset, CancellationToken token)
        {
            await pace.WaitAsync(offset, length, token).ConfigureAwait(false);
            if (files.FreeBytes(directory) - (length - offset) < options.FreeBytesMin)
            {
                await ending.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
