using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Indexes;

/// <summary>Reads one id file. Not safe for concurrent use.</summary>
internal sealed class IdFileReader : IDisposable
{
    private readonly IStorageFile _file;
    private readonly byte[] _block = new byte[IdFile.BlockLength];

    private IdFileReader(IStorageFile file, int count, long endOffset)
    {
        _file = file;
        Count = count;
        EndOffset = endOffset;
    }

    public int Count { get; }

    /// <summary>The ids of all frames of the segment before this offset are in the file.</summary>
    public long EndOffset { get; }

    /// <summary>Opens the file; null if it is missing or is no id file of the segment.</summary>
    public static IdFileReader? TryOpen(IFileSystem files, string path, SegmentHeader segment)
    {
        if (!files.FileExists(path))
        {
            return null;
        }

        var file = files.Open(path, StorageFileMode.Read);
        Span<byte> header = stackalloc byte[IdFile.HeaderLength];
        var length = file.Read(0, header);
        if (IdFile.TryReadHeader(header[..length], segment) is var (count, endOffset)
            && file.Length == IdFile.HeaderLength + ((long)IdFile.BlockCount(count) * IdFile.BlockLength))
        {
            return new IdFileReader(file, count, endOffset);
        }

        file.Dispose();
        return null;
    }

    /// <summary>All ids, sorted by hash; null if a block is damaged.</summary>
    public IdEntry[]? ReadAll()
    {
        var entries = new IdEntry[Count];
        for (var index = 0; index < Count; index++)
        {
            if (index % IdFile.EntriesPerBlock == 0 && !TryLoad(index / IdFile.EntriesPerBlock))
            {
                return null;
            }

            entries[index] = IdFile.ReadEntry(_block, index % IdFile.EntriesPerBlock);
        }

        return entries;
    }

    /// <summary>Positions of the records whose id has this hash; null if a block is damaged.</summary>
    public List<long>? Find(ulong key)
    {
        var positions = new List<long>();
        var block = FirstBlockThatMayHold(key);
        for (; block is not null && block < IdFile.BlockCount(Count); block++)
        {
            if (!TryLoad(block.Value))
            {
                return null;
            }

            var first = block.Value * IdFile.EntriesPerBlock;
            for (var index = first; index < Math.Min(Count, first + IdFile.EntriesPerBlock); index++)
            {
                var entry = IdFile.ReadEntry(_block, index - first);
                if (entry.Key > key)
                {
                    return positions;
                }

                if (entry.Key == key)
                {
                    positions.Add(entry.Position);
                }
            }
        }

        return block is null ? null : positions;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// The last block that begins below the key: its end or the next block may hold it. Null if a block is damaged.
    /// </summary>
    private int? FirstBlockThatMayHold(ulong key)
    {
        int low = 0, high = Math.Max(0, IdFile.BlockCount(Count) - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (!TryLoad(middle))
            {
                return null;
            }

            if (IdFile.ReadEntry(_block, 0).Key < key)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private bool TryLoad(int block)
    {
        var length = _file.Read(IdFile.HeaderLength + ((long)block * IdFile.BlockLength), _block);
        return length == IdFile.BlockLength && IdFile.IsBlockIntact(_block);
    }
}
