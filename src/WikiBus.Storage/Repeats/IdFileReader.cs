using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>Reads one id file. Not safe for concurrent use.</summary>
internal sealed class IdFileReader : IDisposable
{
    private readonly IStorageFile _file;
    private readonly int _filterBlocks;
    private readonly byte[] _block = new byte[IdFile.BlockLength];

    /// <summary>The filter's blocks; null: they are read one by one.</summary>
    private byte[]? _filter;

    private IdFileReader(IStorageFile file, int count, long endOffset, in EventTimes times)
    {
        _file = file;
        _filterBlocks = IdFilter.BlockCount(count);
        Count = count;
        EndOffset = endOffset;
        Times = times;
    }

    public int Count { get; }

    /// <summary>The ids of all frames of the segment before this offset are in the file.</summary>
    public long EndOffset { get; }

    /// <summary>The times of the events whose ids are in the file.</summary>
    public EventTimes Times { get; }

    /// <summary>Bytes that the filter takes in memory.</summary>
    public int FilterLength => _filterBlocks * IdFile.BlockLength;

    public bool HasFilterInMemory => _filter is not null;

    /// <summary>Opens the file; null if it is missing or not the segment's.</summary>
    public static IdFileReader? TryOpen(IFileSystem files, string path, SegmentHeader segment)
    {
        if (!files.FileExists(path))
        {
            return null;
        }

        var file = files.Open(path, StorageFileMode.Read);
        try
        {
            Span<byte> header = stackalloc byte[IdFile.HeaderLength];
            var length = file.Read(0, header);
            if (IdFile.TryReadHeader(header[..length], segment) is var (count, endOffset, times)
                && file.Length == IdFile.LengthOf(count))
            {
                var reader = new IdFileReader(file, count, endOffset, times);
                file = null;
                return reader;
            }

            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>All ids, sorted by hash; null if a block is damaged.</summary>
    public IdEntry[]? ReadAll()
    {
        var entries = new IdEntry[Count];
        for (var index = 0; index < Count; index++)
        {
            if (index % IdFile.EntriesPerBlock == 0 && !TryLoad(_filterBlocks + (index / IdFile.EntriesPerBlock)))
            {
                return null;
            }

            entries[index] = IdFile.ReadEntry(_block, index % IdFile.EntriesPerBlock);
        }

        return entries;
    }

    /// <summary>Reads the filter into memory, so that most look-ups of ids that are not here read nothing.</summary>
    /// <returns>False if a block of it is damaged.</returns>
    public bool TryLoadFilter()
    {
        var filter = new byte[FilterLength];
        var length = _file.Read(IdFile.HeaderLength, filter);
        for (var at = 0; at < filter.Length; at += IdFile.BlockLength)
        {
            if (length < filter.Length || !IdFile.IsBlockIntact(filter.AsSpan(at, IdFile.BlockLength)))
            {
                return false;
            }
        }

        _filter = filter;
        return true;
    }

    public void DropFilter() => _filter = null;

    /// <summary>
    /// Adds the positions of the records whose id has this hash; false if a block is damaged.
    /// </summary>
    public bool TryFind(ulong key, List<long> positions)
    {
        if (MayHold(key) is not { } mayHold)
        {
            return false;
        }

        return !mayHold || TryCollect(key, positions);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>False: no id here has this hash. Null if a block is damaged.</summary>
    private bool? MayHold(ulong key)
    {
        if (_filterBlocks == 0)
        {
            return false;
        }

        var block = IdFilter.BlockOf(key, _filterBlocks);
        if (_filter is { } filter)
        {
            return IdFilter.MayHold(filter.AsSpan(block * IdFile.BlockLength), key, _filterBlocks);
        }

        return TryLoad(block) ? IdFilter.MayHold(_block, key, _filterBlocks) : null;
    }

    private bool TryCollect(ulong key, List<long> positions)
    {
        if (FirstBlockThatMayHold(key) is not { } block)
        {
            return false;
        }

        for (; block < IdFile.BlockCount(Count); block++)
        {
            if (!TryLoadEntries(block))
            {
                return false;
            }

            var first = block * IdFile.EntriesPerBlock;
            for (var index = first; index < Math.Min(Count, first + IdFile.EntriesPerBlock); index++)
            {
                var entry = IdFile.ReadEntry(_block, index - first);
                if (entry.Key > key)
                {
                    return true;
                }

                if (entry.Key == key)
                {
                    positions.Add(entry.Position);
                }
            }
        }

        return true;
    }

    /// <summary>
    /// The last block that begins below the key: its end or the next block may hold it. Null if a block is damaged.
    /// Hashes are spread evenly, so the first guess is seldom more than a few blocks off, and the steps from there
    /// double.
    /// </summary>
    private int? FirstBlockThatMayHold(ulong key)
    {
        var count = IdFile.BlockCount(Count);
        int low = 0, high = count - 1, step = 1;
        var middle = (int)Math.BigMul(key, (ulong)count, out _);
        while (low < high)
        {
            middle = Math.Clamp(middle, low + 1, high);
            if (!TryLoadEntries(middle))
            {
                return null;
            }

            if (IdFile.ReadEntry(_block, 0).Key < key)
            {
                low = middle;
                middle = Math.Min(middle + step, (low + high + 1) / 2);
            }
            else
            {
                high = middle - 1;
                middle = Math.Max(middle - step, (low + high + 1) / 2);
            }

            step *= 2;
        }

        return low;
    }

    private bool TryLoadEntries(int block) => TryLoad(_filterBlocks + block);

    private bool TryLoad(int block)
    {
        var length = _file.Read(IdFile.HeaderLength + ((long)block * IdFile.BlockLength), _block);
        return length == IdFile.BlockLength && IdFile.IsBlockIntact(_block);
    }
}
