using WikiBus.Storage.Records;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// The ids of a segment that grows or was just sealed. Ids that its id file has held since the last stop need not be in
/// memory, too. Not safe for concurrent use.
/// </summary>
internal sealed class SegmentIds
{
    private readonly int _inFileCount;

    public SegmentIds() => InMemory = [];

    /// <summary>Ids of an id file, and up to which byte of the segment it reaches.</summary>
    public SegmentIds(IdEntry[] entries, long endOffset)
    {
        InMemory = [.. entries];
        _inFileCount = entries.Length;
        InFileEndOffset = endOffset;
    }

    /// <summary>In the order of the log, except those that were read from an id file.</summary>
    public List<IdEntry> InMemory { get; private set; }

    /// <summary>How many are only in the id file: all that it holds, or none.</summary>
    public int InFileOnlyCount { get; private set; }

    /// <summary>The end of the id file that holds the rest.</summary>
    public long InFileEndOffset { get; }

    public int Count => InFileOnlyCount + InMemory.Count;

    /// <summary>Drops the ids that the id file holds.</summary>
    public void LeaveInFile()
    {
        if (InFileOnlyCount == 0)
        {
            InMemory = InMemory[_inFileCount..];
            InFileOnlyCount = _inFileCount;
        }
    }
}
