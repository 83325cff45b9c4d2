namespace WikiBus.Storage;

/// <summary>
/// Walks the log from a position on; live and replay are one path. Sees nothing past the committed end and never
/// blocks the writer. Not safe for concurrent use; many readers may run at the same time.
/// </summary>
public abstract class LogReader : IDisposable
{
    /// <summary>Everything below was returned, filtered out, or deleted by retention. Set it to jump.</summary>
    public abstract long Position { get; set; }

    /// <summary>
    /// Reads what comes next: at most about <paramref name="bytesMax"/> bytes (at least one record if there is one).
    /// Returns false with an empty batch at the committed end; an empty batch with true means that the
    /// position moved over records that the filter refused and the caller may call again. Whatever the sizes of
    /// frames, records and reads, a read returns records, moves the position, or reports the end.
    /// </summary>
    /// <exception cref="LogDamagedException">The next record is damaged; says where. Earlier reads returned the records
    /// before it. A damaged record is never returned.</exception>
    public abstract bool Read(RecordBatch batch, int bytesMax = 256 * 1024);

    /// <inheritdoc />
    public abstract void Dispose();
}
