using System.Buffers;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>
/// A request's body in one piece of pooled memory, counted among the bytes in flight until it is cleared. Not safe for
/// concurrent use.
/// </summary>
internal sealed class BodyBuffer(BytesInFlight bytesInFlight) : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>The bytes in flight that this body counts for.</summary>
    public int ReservedBytes { get; private set; }

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>The room after the last byte; <see cref="Advance"/> adds what was written there.</summary>
    public Memory<byte> Free => _bytes.AsMemory(Length);

    public void Advance(int count) => Length += count;

    /// <summary>Makes room for a body of this length; false when too many bytes are in flight.</summary>
    /// <param name="length">The length in bytes, those included that the buffer holds.</param>
    /// <param name="lengthMax">The longest body; the buffer makes no more room ahead of need.</param>
    public bool TryMakeRoom(int length, int lengthMax)
    {
        if (length <= ReservedBytes)
        {
            return true;
        }

        // Doubling keeps the copying linear. The buffer rents as many bytes as it counts.
        var wanted = Math.Max(length, Math.Min(2 * ReservedBytes, lengthMax));
        if (!bytesInFlight.TryReserve(wanted - ReservedBytes))
        {
            return false;
        }

        ReservedBytes = wanted;
        Grow(wanted);
        return true;
    }

    /// <summary>Adds bytes. Those beyond the room that was made are not counted as in flight.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Grow(Length + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Drops bytes at the start.</summary>
    public void RemoveStart(int count)
    {
        Span[count..].CopyTo(_bytes);
        Length -= count;
    }

    /// <summary>Replaces the text.</summary>
    public void Replace(ReadOnlySpan<byte> text)
    {
        Length = 0;
        Append(text);
    }

    /// <summary>Forgets the body, and keeps the memory.</summary>
    public void Clear()
    {
        bytesInFlight.Release(ReservedBytes);
        ReservedBytes = 0;
        Length = 0;
    }

    public void Dispose()
    {
        Clear();
        ReturnBytes();
        _bytes = [];
    }

    private void Grow(int capacity)
    {
        if (capacity <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        Span.CopyTo(larger);
        ReturnBytes();
        _bytes = larger;
    }

    private void ReturnBytes()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
