using System.Buffers.Binary;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Codec of the filter in an id file (docs/log-format.md, "Id files"): a Bloom filter. The bits of one hash are in one
/// line of eight words, one bit in each, so a look-up needs one block. It never misses a hash that was added; one in
/// 200 others passes, too. Lines are in blocks with a checksum each, like entries.
/// </summary>
internal static class IdFilter
{
    private const int BitsPerEntry = 12;
    private const int WordsPerLine = 8;
    private const int LineLength = WordsPerLine * sizeof(uint);
    private const int LinesPerBlock = (IdFile.BlockLength - 4) / LineLength;

    /// <summary>Odd numbers: each picks another bit from the same half of a hash.</summary>
    private static readonly uint[] s_multipliers =
    [
        0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD6E8FEB9, 0xCA9B0C3B, 0xFF51AFD7,
    ];

    public static int BlockCount(int entryCount)
    {
        var lines = (((long)entryCount * BitsPerEntry) + (LineLength * 8) - 1) / (LineLength * 8);
        return (int)((lines + LinesPerBlock - 1) / LinesPerBlock);
    }

    /// <summary>The block that holds the line of a hash.</summary>
    public static int BlockOf(ulong key, int blockCount) => LineOf(key, blockCount) / LinesPerBlock;

    public static void Add(Span<byte> blocks, ulong key)
    {
        var blockCount = blocks.Length / IdFile.BlockLength;
        var block = blocks.Slice(BlockOf(key, blockCount) * IdFile.BlockLength, IdFile.BlockLength);
        var line = block.Slice(LineOf(key, blockCount) % LinesPerBlock * LineLength, LineLength);
        for (var word = 0; word < WordsPerLine; word++)
        {
            var at = line[(word * sizeof(uint))..];
            BinaryPrimitives.WriteUInt32LittleEndian(
                at, BinaryPrimitives.ReadUInt32LittleEndian(at) | Bit(key, word));
        }
    }

    /// <param name="block">The block that <see cref="BlockOf"/> names.</param>
    /// <param name="key">The hash.</param>
    /// <param name="blockCount">How many blocks the filter has.</param>
    public static bool MayHold(ReadOnlySpan<byte> block, ulong key, int blockCount)
    {
        var line = block.Slice(LineOf(key, blockCount) % LinesPerBlock * LineLength, LineLength);
        for (var word = 0; word < WordsPerLine; word++)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(line[(word * sizeof(uint))..]);
            if ((bits & Bit(key, word)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int LineOf(ulong key, int blockCount) =>
        (int)(((key >> 32) * ((ulong)blockCount * LinesPerBlock)) >> 32);

    private static uint Bit(ulong key, int word) => 1u << (int)(((uint)key * s_multipliers[word]) >> 27);
}
