using System.Buffers.Binary;
using System.Numerics;

namespace WikiBus.Storage.Frames;

/// <summary>CRC-32C (Castagnoli), as in RFC 3720: "123456789" gives <c>e3069283</c>.</summary>
internal static class Crc32C
{
    /// <summary>
    /// The state before the first of several pieces; <see cref="Finish"/> turns the last state into the checksum.
    /// </summary>
    public const uint Start = uint.MaxValue;

    /// <summary>
    /// Bytes of a lane. Three lanes are computed side by side: the processor's instruction takes three cycles, and
    /// another one can start in each cycle.
    /// </summary>
    private const int LaneBytes = 128;

    /// <summary>
    /// What each byte of a state becomes after a lane of zeros. The results of a state's bytes add up.
    /// </summary>
    private static readonly uint[] s_byLane = MakeByLane();

    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 3 * LaneBytes)
        {
            state = AppendLanes(
                state, bytes[..LaneBytes], bytes.Slice(LaneBytes, LaneBytes), bytes.Slice(2 * LaneBytes, LaneBytes));
            bytes = bytes[(3 * LaneBytes)..];
        }

        return AppendSerially(state, bytes);
    }

    public static uint Finish(uint state) => ~state;

    private static uint AppendLanes(
        uint state, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        uint secondState = 0;
        uint thirdState = 0;
        for (var index = 0; index < LaneBytes; index += sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(first[index..]));
            secondState = BitOperations.Crc32C(secondState, BinaryPrimitives.ReadUInt64LittleEndian(second[index..]));
            thirdState = BitOperations.Crc32C(thirdState, BinaryPrimitives.ReadUInt64LittleEndian(third[index..]));
        }

        return MoveOverLane(MoveOverLane(state) ^ secondState) ^ thirdState;
    }

    private static uint AppendSerially(uint state, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    /// <summary>The state after a lane of zeros.</summary>
    private static uint MoveOverLane(uint state) =>
        s_byLane[state & 0xFF]
        ^ s_byLane[0x100 | ((state >> 8) & 0xFF)]
        ^ s_byLane[0x200 | ((state >> 16) & 0xFF)]
        ^ s_byLane[0x300 | (state >> 24)];

    private static uint[] MakeByLane()
    {
        var zeros = new byte[LaneBytes];
        var table = new uint[4 * 256];
        for (var index = 0; index < table.Length; index++)
        {
            table[index] = AppendSerially((uint)(index & 0xFF) << (8 * (index >> 8)), zeros);
        }

        return table;
    }
}
