using System.Buffers.Binary;
using System.Numerics;

namespace WikiBus.Storage.Segments;

/// <summary>CRC-32C (Castagnoli), as RFC 3720 has it: "123456789" gives <c>e3069283</c>.</summary>
internal static class Crc32C
{
    /// <summary>What a computation over several pieces starts with; ended by <see cref="Finish"/>.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 32)
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
            bytes = bytes[32..];
        }

        while (bytes.Length >= 8)
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    public static uint Finish(uint state) => ~state;
}
