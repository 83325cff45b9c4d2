namespace WikiBus.Storage;

/// <summary>
/// The embedded log: an ordered, durable sequence of records in many streams, kept in segments of append-only frames.
/// All members are safe for concurrent use.
/// </summary>
public sealed class EventLog : IAsyncDisposable
{
    /// <summary>Opens (or creates) the log in a directory and recovers it.</summary>
    /// <exception cref="LogDamagedException">The log is damaged beyond a torn tail, or of a newer format; says where.</exception>
    /// <exception cref="IOException">The directory cannot be used, or another process holds its lock.</exception>
    public static EventLog Open(string directory, EventLogOptions options, IFileSystem files, TimeProvider time) =>
        throw new NotImplementedException();

    /// <summary>Changes when a repair cut records that may have been served; part of every resume id.</summary>
    public string LogId => throw new NotImplementedException();

    /// <summary>The position of the first record still held (retention takes from the front).</summary>
    public long FirstPosition => throw new NotImplementedException();

    /// <summary>The position after the last committed record: what a reader at the head holds.</summary>
    public long EndPosition => throw new NotImplementedException();

    /// <summary>Whether appends are taken.</summary>
    public LogHealth Health => throw new NotImplementedException();

    /// <summary>The streams, in no order.</summary>
    public IReadOnlyCollection<StreamSummary> Streams => throw new NotImplementedException();

    /// <summary>
    /// Queues records for the writer. Returns at once; a request that cannot be queued is already completed. The drafts and the array
    /// belong to the log until <see cref="AppendRequest.Completion"/> is done.
    /// </summary>
    public AppendRequest Append(IReadOnlyList<RecordDraft> drafts) => throw new NotImplementedException();

    /// <summary>A reader that starts at <paramref name="position"/> (0: the first record held).</summary>
    public LogReader OpenReader(long position, ReadFilter? filter = null) => throw new NotImplementedException();

    /// <summary>Completes as soon as <see cref="EndPosition"/> is above <paramref name="position"/>, or the log stops (then the token of the caller should be cancelled too).</summary>
    public ValueTask WaitAsync(long position, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One stream; null when the log never had a record of it.</summary>
    public StreamSummary? FindStream(string stream) => throw new NotImplementedException();

    /// <summary>The position from which on lie all records appended at or after a time (more, never fewer); the end when there are none.</summary>
    public long FindPosition(long timeMs) => throw new NotImplementedException();

    /// <summary>The position of the first record held of the stream with at least this offset; the end when there is none yet.</summary>
    public long FindPosition(string stream, long offset) => throw new NotImplementedException();

    /// <summary>Stops taking records, writes what was taken, marks the end as clean and releases the lock.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
