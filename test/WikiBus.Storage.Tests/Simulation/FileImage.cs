namespace WikiBus.Storage.Tests.Simulation;

/// <summary>The bytes of a file. Grows by doubling.</summary>
internal sealed class FileImage(byte[] bytes)
{
    private byte[] _bytes = bytes;

    public int Length { get; private set; } = bytes.Length;

    public byte[] ToArray() => _bytes[..Length];

    public FileImage Copy() => new(ToArray());

    public int Read(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        if (count > 0)
        {
            _bytes.AsSpan((int)offset, count).CopyTo(buffer);
        }

        return count;
    }

    public void Apply(FileChange change)
    {
        if (change.Bytes is null)
        {
            SetLength((int)change.Offset);
        }
        else
        {
            Write((int)change.Offset, change.Bytes);
        }
    }

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        if (offset + bytes.Length > Length)
        {
            SetLength(offset + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(offset));
    }

    public void SetLength(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }

        if (length < Length)
        {
            _bytes.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }
}
