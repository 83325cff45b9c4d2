using System.Collections.Concurrent;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>
/// Finds the index of any segment: in memory for the one that is appended to and for those whose files are not written
/// yet; else in its file; else by walking the segment, after which the file is written again. Safe for concurrent use.
/// </summary>
internal sealed class IndexStore(IFileSystem files, string directory, Action<LogNotice>? onNotice)
{
    private readonly CompanionFiles _companions = new(files, directory, "index", SegmentName.OfIndex, onNotice);
    private readonly ConcurrentDictionary<long, SegmentContents> _inMemory = new();
    private readonly ConcurrentDictionary<long, WeakReference<SegmentIndex>> _cache = new();
    private readonly ConcurrentDictionary<long, long> _lags = new();

    /// <summary>
    /// Keeps the contents of a segment that grows, or was just sealed, until <see cref="Write"/> has written them.
    /// </summary>
    public void Keep(SegmentContents contents) => _inMemory[contents.Header.Number] = contents;

    /// <summary>What is kept of a segment; null: its files are written.</summary>
    public SegmentContents? FindKept(Segment segment) => _inMemory.GetValueOrDefault(segment.Number);

    /// <exception cref="LogDamagedException">The index is missing, and the segment is damaged; says where.</exception>
    public SegmentIndex Get(Segment segment)
    {
        if (FindKept(segment) is { } contents)
        {
            return contents.Index;
        }

        if (_cache.TryGetValue(segment.Number, out var weak) && weak.TryGetTarget(out var cached))
        {
            return cached;
        }

        var index = TryReadWhole(segment) ?? MakeAgain(segment);
        _cache[segment.Number] = new WeakReference<SegmentIndex>(index);
        return index;
    }

    /// <summary>Null if the segment is damaged, for searches that can do without it: its readers report that.</summary>
    public SegmentIndex? TryGet(Segment segment)
    {
        try
        {
            return Get(segment);
        }
        catch (LogDamagedException)
        {
            return null;
        }
    }

    /// <summary>
    /// How far the segment's times fall behind the highest clock before them, in ms; known for sealed segments without
    /// their indexes. <see cref="SegmentIndex.UnknownLag"/> if the segment is damaged.
    /// </summary>
    public long LagOf(Segment segment)
    {
        if (_lags.TryGetValue(segment.Number, out var known))
        {
            return known;
        }

        var lag = TryGet(segment)?.ClockLagMs ?? SegmentIndex.UnknownLag;
        if (segment.HasSuccessor)
        {
            _lags[segment.Number] = lag;
        }

        return lag;
    }

    /// <summary>
    /// The index in the segment's index file, which may end before the segment; null if no file fits.
    /// </summary>
    public SegmentIndex? TryRead(Segment segment) => SegmentIndexFile.TryRead(files, directory, segment.Header);

    /// <summary>
    /// Writes the index of a segment that nobody appends to, and drops its contents from memory. The ids of the segment
    /// must be written before.
    /// </summary>
    public void Write(SegmentContents contents)
    {
        _companions.TryWrite(contents.Header.Number, () => SegmentIndexFile.Write(contents.Index));
        _inMemory.TryRemove(contents.Header.Number, out _);
    }

    /// <summary>Removes what belongs to a deleted segment; all before it are deleted, too.</summary>
    public void Delete(long number)
    {
        _companions.Delete(number);
        _inMemory.TryRemove(number, out _);
        _cache.TryRemove(number, out _);
        _lags.TryRemove(number, out _);
    }

    private SegmentIndex MakeAgain(Segment segment)
    {
        lock (_companions.Making)
        {
            // Another thread may have made it already.
            if (TryReadWhole(segment) is { } index)
            {
                return index;
            }

            var contents = SegmentContents.Read(segment, segment.EndOffset);
            _companions.TryWrite(segment.Number, () => SegmentIndexFile.Write(contents.Index));
            return contents.Index;
        }
    }

    private SegmentIndex? TryReadWhole(Segment segment) =>
        TryRead(segment) is { } index && index.EndOffset >= segment.EndOffset ? index : null;
}
