namespace WikiBus.Server.Streaming;

/// <summary>
/// Counts the pages that connections hold while their clients take a large frame bit by bit, and refuses what goes
/// beyond the limit. Safe for concurrent use.
/// </summary>
internal sealed class HeldPages(long bytesMax)
{
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>False, with nothing counted, when the limit is reached.</summary>
    public bool TryHold(FramePage page)
    {
        if (Interlocked.Add(ref _bytes, page.Bytes) <= bytesMax)
        {
            return true;
        }

        Release(page);
        return false;
    }

    public void Release(FramePage page) => Interlocked.Add(ref _bytes, -page.Bytes);
}
