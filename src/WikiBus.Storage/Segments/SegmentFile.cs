namespace WikiBus.Storage.Segments;

/// <summary>A segment that is open for reading until this is disposed.</summary>
internal sealed class SegmentFile(Segment segment, IStorageFile file) : IDisposable
{
    private int _isClosed;

    public Segment Segment => segment;

    public IStorageFile File => file;

    public SegmentHeader Header => segment.Header;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            segment.Close();
        }
    }
}
