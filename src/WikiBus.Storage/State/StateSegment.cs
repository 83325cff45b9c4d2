using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// An open segment of the state store. Values are read from it by many callers at once; the handle is closed when it is
/// retired and the last reader has left.
/// </summary>
internal sealed class StateSegment(string path, IStorageFile file, SegmentHeader header)
{
    private readonly Lock _gate = new();
    private int _readers;
    private bool _isRetired;

    public string Path { get; } = path;

    public IStorageFile File { get; } = file;

    public SegmentHeader Header { get; } = header;

    /// <summary>Where the last intact frame ends; moved by the writer alone.</summary>
    public long End { get; set; } = SegmentHeader.Length;

    public bool TryReadValue(long offset, int length, out byte[] value)
    {
        value = [];
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            value = ReadValue(offset, length);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>No more reads begin; those under way still end well.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            DisposeIfUnused();
        }
    }

    private byte[] ReadValue(long offset, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        if (File.Read(offset, bytes) < length
            || !FrameScanner.IsIntact(bytes)
            || !StateRecord.TryRead(bytes, out var record))
        {
            throw new InvalidDataException(
                $"{Path} is damaged: the record at bytes {offset} to {offset + length} does not fit its checksum.");
        }

        return record.Value.ToArray();
    }

    private bool TryEnter()
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _readers++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _readers--;
            DisposeIfUnused();
        }
    }

    private void DisposeIfUnused()
    {
        if (_isRetired && _readers == 0)
        {
            File.Dispose();
        }
    }
}
