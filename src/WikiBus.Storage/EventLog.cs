using WikiBus.Storage.Files;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage;

/// <summary>
/// The embedded log: an ordered, durable sequence of records in many streams, kept in segments of append-only frames.
/// All members are safe for concurrent use.
/// </summary>
public sealed class EventLog : IAsyncDisposable
{
    private readonly IDisposable _lock;
    private readonly CautiousClock _clock;
    private readonly LogPublication _publication;
    private readonly StreamTable _streams;
    private readonly WriteQueue _queue;
    private readonly LogWriter _writer;
    private readonly LogUpkeep _upkeep;
    private readonly IndexStore _indexes;
    private readonly IdStore _ids;
    private readonly IdFileMending _mending;
    private readonly WriterHealth _health;
    private readonly FrameCommit _commit;
    private readonly RecordFinder _records;
    private readonly DuplicateFinder _duplicates;
    private readonly SegmentSkipper _skipper;
    private readonly PositionFinder _positions;
    private int _isDisposed;

    private EventLog(
        IDisposable directoryLock, string directory, EventLogOptions options, IFileSystem files, TimeProvider time)
    {
        _lock = directoryLock;
        _clock = new CautiousClock(time);
        var factory = new SegmentFactory(files, directory);
        _indexes = new IndexStore(files, directory, options.OnNotice);
        _ids = new IdStore(files, directory, _indexes, options.OnNotice, options.IdFilesOpenMax);
        var recovered = new LogRecovery(files, directory, _ids, options.OnNotice).Run(factory);
        _indexes.Keep(recovered.Contents);
        LogId = recovered.Writer.Header.LogId.ToString("N");
        HashSeed = recovered.Writer.Header.IdentitySeed;
        _streams = recovered.Streams;
        _publication = new LogPublication(recovered.Snapshot);
        _skipper = new SegmentSkipper(_indexes);
        _positions = new PositionFinder(_publication, _streams, _indexes, _skipper);
        _queue = new WriteQueue(options.QueueBytesMax);
        var logDirectory = new LogDirectory(files, directory);
        var reservations = new SpaceReservations();
        _upkeep = new LogUpkeep(
            logDirectory,
            new SegmentPreparation(files, directory, factory, reservations, options, time),
            _indexes,
            _ids,
            new Retention(files, directory, _publication, _indexes, _ids, options, _clock),
            options,
            time);
        _mending = new IdFileMending(_ids, _publication, options.OnNotice, time);
        _records = new RecordFinder(_publication, _skipper);
        var window = new DedupeWindow();
        _duplicates = new DuplicateFinder(
            window,
            new IdHistory(
                window, _ids, _mending, _publication, options, _clock, recovered.Contents.Index.EndTimeMs),
            _records,
            HashSeed,
            options.OnNotice,
            time);
        var tail = new LogTail(files, directory, options, factory, _streams, _publication, _upkeep, recovered);
        _health = new WriterHealth(files, logDirectory, tail.FindFault, reservations, options, time);
        _commit = new FrameCommit(_streams, _publication, tail);
        var filler = new FrameFiller(_streams, _duplicates, options, time, recovered.Snapshot.EndPosition);
        _writer = new LogWriter(
            _queue, filler, tail, _commit, _publication, logDirectory, _health, _ids, options, time);
        _writer.Start();
    }

    /// <summary>Opens (or creates) the log in a directory and recovers it.</summary>
    /// <exception cref="LogDamagedException">The log has another format, or damage that is more than a torn tail; the
    /// message says where.</exception>
    /// <exception cref="IOException">The directory cannot be used, or another process holds its lock.</exception>
    public static EventLog Open(string directory, EventLogOptions options, IFileSystem files, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.StreamCountMax, EventLogOptions.StreamCountLimit);
        directory = Path.GetFullPath(directory);
        files.CreateDirectory(directory);
        var directoryLock = new LogLock(files, directory, options.OnNotice);
        try
        {
            return new EventLog(directoryLock, directory, options, files, time);
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Changes when a repair cut records that may have been served; part of every resume id.</summary>
    public string LogId { get; }

    /// <summary>
    /// A secret number of this log, which stays the same from start to start. It seeds the hashes that records and
    /// indexes keep, so that an attacker cannot prepare two inputs with the same hash.
    /// </summary>
    public ulong HashSeed { get; }

    /// <summary>The position of the first record still held (retention deletes the oldest).</summary>
    public long FirstPosition => _publication.Current.FirstPosition;

    /// <summary>The position after the last committed record: what a reader at the head holds.</summary>
    public long EndPosition => _publication.Current.EndPosition;

    /// <summary>Whether the log accepts appends. Never waits for the disk.</summary>
    public LogHealth Health
    {
        get
        {
            var fault = _health.Fault;
            return new LogHealth(fault is null, fault, _health.FreeBytes, _queue.Bytes);
        }
    }

    /// <summary>How many streams have, or once had, a record. Costs nothing.</summary>
    public int StreamCount => _streams.CommittedCount;

    /// <summary>Their names, in no order.</summary>
    public IEnumerable<string> StreamNames => _streams.Committed.Select(static entry => entry.Name);

    /// <summary>What the log did since it was opened.</summary>
    public LogCounters Counters => new(
        _commit.RecordCount, _commit.FrameCount, _duplicates.DuplicateCount, _duplicates.ConflictCount);

    /// <summary>
    /// Queues records for the writer. Returns immediately; a request that cannot be queued is already completed. The
    /// drafts and the array belong to the log until <see cref="AppendRequest.Completion"/> is done.
    /// </summary>
    /// <param name="drafts">The records; they become durable together or not at all.</param>
    /// <exception cref="ArgumentException">There are no drafts, more than 65,536, or one breaks a limit of the
    /// format.</exception>
    public AppendRequest Append(IReadOnlyList<RecordDraft> drafts)
    {
        if (drafts.Count is 0 or > FrameHeader.RecordCountMax)
        {
            throw new ArgumentException($"A request has 1 to {FrameHeader.RecordCountMax} records.", nameof(drafts));
        }

        long byteCount = 0;
        for (var index = 0; index < drafts.Count; index++)
        {
            RecordWriter.Validate(drafts[index]);
            byteCount += FrameBuffer.RecordChecksumLength + RecordWriter.ContentLength(drafts[index]);
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            return AppendRequest.Rejected(AppendStatus.Refused, "The log is stopping.");
        }

        var request = new AppendRequest(drafts, byteCount, _queue);
        return _queue.TryAdd(request)
            ? request
            : AppendRequest.Rejected(AppendStatus.QueueFull, "The queue of the log is full.");
    }

    /// <summary>A reader that starts at <paramref name="position"/> (0: the first record held).</summary>
    public LogReader OpenReader(long position, ReadFilter? filter = null) =>
        new EventLogReader(_publication, _streams, _skipper, filter) { Position = position };

    /// <summary>
    /// Completes as soon as <see cref="EndPosition"/> is above <paramref name="position"/>, or the log stops (then
    /// the token of the caller should be cancelled too).
    /// </summary>
    public ValueTask WaitAsync(long position, CancellationToken cancellationToken) =>
        _publication.WaitAsync(position, cancellationToken);

    /// <summary>True if the log has, or once had, a record of the stream. Costs nothing.</summary>
    public bool HasStream(string stream) => _streams.Find(stream) is { IsCommitted: true };

    /// <summary>
    /// The name of a stream, without a new string for each call; null when the log never had a record of the stream.
    /// </summary>
    /// <param name="name">The name in ASCII.</param>
    public string? FindStreamName(ReadOnlySpan<byte> name) =>
        _streams.Find(name) is { IsCommitted: true } entry ? entry.Name : null;

    /// <summary>One stream; null when the log never had a record of it.</summary>
    public StreamSummary? FindStream(string stream) =>
        _streams.Find(stream) is { IsCommitted: true } entry ? _positions.Summarise([entry])[0] : null;

    /// <summary>
    /// All streams, in no order. Looks into the indexes of segments for first records that it does not know yet.
    /// </summary>
    /// <param name="isWanted">Selects streams by their names; null: all.</param>
    public IReadOnlyList<StreamSummary> ListStreams(Func<string, bool>? isWanted = null) => _positions.Summarise(
        [.. _streams.Committed.Where(entry => isWanted is null || isWanted(entry.Name))]);

    /// <summary>
    /// Where the records held begin that were appended at or after a time; the end when there is none. Records whose
    /// clock was wrong may be among them.
    /// </summary>
    public long FindPosition(long timeMs) => _positions.FindTime(timeMs);

    /// <summary>
    /// A position from which on no record held now was appended before a time. While the clock only moves on, it is the
    /// same as <see cref="FindPosition(long)"/>.
    /// </summary>
    public long FindEnd(long timeMs) => _positions.FindEnd(timeMs);

    /// <summary>
    /// True once a time has certainly passed: if the clock jumps ahead, that is believed after ten minutes.
    /// </summary>
    public bool HasPassed(long timeMs) => _clock.NowMs >= timeMs;

    /// <summary>
    /// The position of the first record held of the stream with at least this offset; the end when there is none yet.
    /// </summary>
    public long FindPosition(string stream, long offset) => _positions.FindOffset(stream, offset);

    /// <summary>
    /// Position and offset of the stream's first record held at or after a position; null when there is none yet. Reads
    /// indexes only.
    /// </summary>
    public (long Position, long Offset)? FindFrom(string stream, long position) =>
        _positions.FindFrom(stream, position);

    /// <summary>Stops taking records, writes what was taken, marks the end as clean and releases the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _writer.StopAsync().ConfigureAwait(false);
        _publication.Stop();
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        await _mending.DisposeAsync().ConfigureAwait(false);
        _ids.Dispose();
        _writer.Dispose();
        _records.Dispose();
        _lock.Dispose();
    }
}
