using System.Buffers;

namespace WikiBus.Server.Intake;

/// <summary>A request's body in one piece of pooled memory. Not safe for concurrent use.</summary>
internal sealed class BodyBuffer : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>What this body counts for among the bytes in flight.</summary>
    public int ReservedBytes { get; set; }

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Room after what is there; <see cref="Advance"/> adds it.</summary>
    public Memory<byte> Free => _bytes.AsMemory(Length);

    public void Advance(int count) => Length += count;

    /// <summary>Makes the buffer hold at least so many bytes; keeps what is there.</summary>
    public void Grow(int capacity)
    {
        if (capacity <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        Span.CopyTo(larger);
        Release();
        _bytes = larger;
    }

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

    /// <summary>Puts another text in the place of what is there.</summary>
    public void Replace(ReadOnlySpan<byte> text)
    {
        Length = 0;
        Append(text);
    }

    public void Clear()
    {
        Length = 0;
        ReservedBytes = 0;
    }

    public void Dispose()
    {
        Clear();
        Release();
        _bytes = [];
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
