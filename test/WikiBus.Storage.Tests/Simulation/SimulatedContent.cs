namespace WikiBus.Storage.Tests.Simulation;

/// <summary>A file apart from its name: what programs see, what is durable, and the changes between the two.</summary>
internal sealed class SimulatedContent
{
    private readonly FileImage _current;
    private readonly FileImage _durable;
    private readonly UnsyncedChanges<FileChange> _unsynced = new();

    public SimulatedContent(FileImage image)
    {
        _current = image;
        _durable = image.Copy();
    }

    public int Length => _current.Length;

    public byte[] ToArray() => _current.ToArray();

    public int Read(long offset, Span<byte> buffer) => _current.Read(offset, buffer);

    public void Change(FileChange change)
    {
        _current.Apply(change);
        _unsynced.Add(change);
    }

    public void Flush()
    {
        if (_unsynced.TryTakeFlushed(out var changes))
        {
            foreach (var change in changes)
            {
                _durable.Apply(change);
            }
        }
    }

    public void FlushFailed() => _unsynced.FlushFailed();

    public FileImage AfterCrash(Survival survival)
    {
        var image = _durable.Copy();
        foreach (var (change, isDurable) in _unsynced.InOrder())
        {
            if (isDurable)
            {
                image.Apply(change);
            }
            else
            {
                survival.Apply(image, change);
            }
        }

        return image;
    }
}
