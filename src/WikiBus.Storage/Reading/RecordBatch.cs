using System.Buffers;

namespace WikiBus.Storage;

/// <summary>
/// Records read together, and the memory they live in (pooled; returned on <see cref="Dispose"/>). Reused from read
/// to read. Not safe for concurrent use.
/// </summary>
public sealed class RecordBatch : IDisposable
{
    private readonly List<LogRecord> _records = [];
    private byte[] _bytes = [];

    /// <summary>The records, by position.</summary>
    public IReadOnlyList<LogRecord> Records => _records;

    internal Memory<byte> Memory => _bytes;

    internal void Clear() => _records.Clear();

    internal void Add(in LogRecord record) => _records.Add(record);

    /// <summary>Makes the memory at least this long. Its content is lost, and so are the records in it.</summary>
    internal void Reserve(int length)
    {
        if (_bytes.Length < length)
        {
            Return();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _records.Clear();
        Return();
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
