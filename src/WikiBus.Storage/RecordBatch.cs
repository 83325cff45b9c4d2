namespace WikiBus.Storage;

/// <summary>
/// Records read together, and the memory they live in (pooled; returned on <see cref="Dispose"/>). Reused from read to read.
/// Not safe for concurrent use.
/// </summary>
public sealed class RecordBatch : IDisposable
{
    private readonly List<LogRecord> _records = [];

    /// <summary>The records, by position.</summary>
    public IReadOnlyList<LogRecord> Records => _records;

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}
