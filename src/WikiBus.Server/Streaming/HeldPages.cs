namespace WikiBus.Server.Streaming;

/// <summary>
/// Counts the pages that connections hold while their clients take a large frame bit by bit, and refuses what goes
/// beyond the limit; one page is always allowed, however large. Safe for concurrent use.
/// </summary>
internal sealed class HeldPages(long bytesMax)
{
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>May a page of so many bytes be held now?</summary>
    public bool HasRoomFor(long bytes) => Bytes is var held && (held == 0 || held + bytes <= bytesMax);

    /// <summary>False, with nothing counted, when the limit is reached.</summary>
    public bool TryHold(FramePage page)
    {
        var held = Interlocked.Add(ref _bytes, page.Bytes);
        if (held <= bytesMax || held == page.Bytes)
        {
            return true;
        }

        Release(page);
        return false;
    }

    public void Release(FramePage page) => Interlocked.Add(ref _bytes, -page.Bytes);
}
