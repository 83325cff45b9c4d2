using System.Threading.Channels;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// The one writer of the state store: takes what waits, writes one frame, flushes once, publishes the new index,
/// answers
/// all. When the changes outgrow the snapshot it has a new one written beside it.
/// </summary>
/// <remarks>
/// A rotation:
/// 1. the writer begins a new changes segment and freezes the index;
/// 2. the snapshot of that index is written and made durable in the background, under the new segment's number;
/// 3. entries whose values are not in memory are moved to it, in steps between commits;
/// 4. only then are the older files deleted. A crash before that leaves both, and recovery takes the newer snapshot.
/// </remarks>
internal sealed class StateWriter : IAsyncDisposable
{
    private readonly StateStoreOptions _options;
    private readonly StateDirectory _directory;
    private readonly TimeProvider _time;
    private readonly StateAppender _appender;
    private readonly List<StateSegment> _segments;
    private readonly FrameBuffer _frame = new(StateLimits.GroupBytesMax);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<StateWork> _work = Channel.CreateBounded<StateWork>(
        new BoundedChannelOptions(StateLimits.QueuedCommitsMax) { SingleReader = true });

    private readonly Task _loop;
    private StateIndex _index;
    private long _nextVersion;
    private long _snapshotBytes;
    private long _bytesSinceSnapshot;
    private long _bytesBeforeRotation;
    private Task? _snapshot;
    private long _snapshotFailedAt;
    private bool _hasSnapshotFailed;
    private Exception? _damage;

    public StateWriter(
        StateDirectory directory, StateStoreOptions options, RecoveredState recovered, TimeProvider time)
    {
        _directory = directory;
        _options = options;
        _time = time;
        _segments = recovered.Segments;
        _index = recovered.Index;
        _nextVersion = recovered.NextVersion;
        _snapshotBytes = recovered.SnapshotBytes;
        _bytesSinceSnapshot = recovered.ChangesBytes;
        var preparedBytes = (int)Math.Min(StateLimits.PreparedBytesMax, options.RotateBytesMin / 4);
        _appender = new StateAppender(directory, _segments[^1], preparedBytes);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>The keys and values as the last durable commit left them.</summary>
    public StateIndex Index => Volatile.Read(ref _index);

    public async ValueTask<bool> CommitAsync(StateCommit commit)
    {
        try
        {
            await _work.Writer.WriteAsync(commit, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(StateStore));
        }

        return await commit.Completion.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _work.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await (_snapshot ?? Task.CompletedTask).ConfigureAwait(false);
        WriteEndMark();
        _segments.ForEach(segment => segment.Retire());
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var commits = new List<StateCommit>();
        while (await _work.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (_work.Reader.TryRead(out var work))
            {
                if (work is not StateCommit commit)
                {
                    Continue(work);
                    continue;
                }

                commits.Add(commit);
                TakeMore(commits);
                Commit(commits);
                commits.Clear();
                RotateIfDue();
            }
        }
    }

    /// <summary>Adds the commits that wait already, as far as they fit into one frame.</summary>
    private void TakeMore(List<StateCommit> commits)
    {
        var bytes = commits[0].Bytes;
        var changes = commits[0].Changes.Count;
        while (_work.Reader.TryPeek(out var next) && next is StateCommit commit
            && (bytes += commit.Bytes) <= StateLimits.GroupBytesMax
            && (changes += commit.Changes.Count) <= FrameHeader.RecordCountMax
            && _work.Reader.TryRead(out _))
        {
            commits.Add(commit);
        }
    }

    private void Commit(List<StateCommit> commits)
    {
        try
        {
            if (_damage is not null)
            {
                throw new IOException($"The state store has stopped: {_damage.Message}", _damage);
            }

            Write(commits);
            commits.ForEach(commit => commit.Complete());
        }
        catch (IOException exception)
        {
            // Also for those that were not accepted: what they were compared with may not be on disk.
            commits.ForEach(commit => commit.Fail(exception));
        }
    }

    private void Write(List<StateCommit> commits)
    {
        _frame.Clear();
        var group = new StateGroup(_index, _nextVersion, _frame, _options.InlineValueBytesMax);
        commits.ForEach(group.Add);
        if (_frame.RecordCount == 0)
        {
            return;
        }

        var offset = Append(FrameKind.Records);
        Volatile.Write(ref _index, group.ToIndex(_appender.Current, offset));
        _nextVersion = group.NextVersion;
        _bytesSinceSnapshot += _appender.Current.End - offset;
    }

    private long Append(FrameKind kind)
    {
        var offset = _appender.Append(_frame, kind, _nextVersion);
        Track(_appender.Current);
        return offset;
    }

    private void Track(StateSegment segment)
    {
        if (!ReferenceEquals(_segments[^1], segment))
        {
            _segments.Add(segment);
        }
    }

    private void RotateIfDue()
    {
        var isDue = _bytesSinceSnapshot > Math.Max(_options.RotateBytesMin, _snapshotBytes);
        if (!isDue || _snapshot is not null || _damage is not null
            || (_hasSnapshotFailed && _time.GetElapsedTime(_snapshotFailedAt) < StateLimits.SnapshotRetryDelay))
        {
            return;
        }

        try
        {
            _appender.StartNext(_nextVersion);
            Track(_appender.Current);
            _bytesBeforeRotation = _bytesSinceSnapshot;
            _bytesSinceSnapshot = 0;
            var (index, header) = (_index, _appender.Current.Header);
            _snapshot = Task.Run(() => SnapshotAsync(index, header), CancellationToken.None);
        }
        catch (IOException exception)
        {
            SnapshotFailed(exception);
        }
    }

    private async Task SnapshotAsync(StateIndex index, SegmentHeader changes)
    {
        try
        {
            var end = await WriteSnapshotAsync(index, changes).ConfigureAwait(false);
            await _work.Writer.WriteAsync(end, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            // The store stops. A snapshot that is durable already is taken at the next start.
        }
    }

    private async Task<StateSnapshotEnd> WriteSnapshotAsync(StateIndex index, SegmentHeader changes)
    {
        try
        {
            var header = changes with
            {
                Kind = SegmentKind.StateSnapshot, PredecessorEnd = 0, Salt = SegmentSalt.New(),
            };
            var writer = new StateSnapshotWriter(index, header.Salt, _stopping.Token);
            var snapshot = _directory.Create(header, writer.Write);
            foreach (var moved in writer.Moved(snapshot).Chunk(StateLimits.MovesPerStep))
            {
                await _work.Writer.WriteAsync(new StateMoves(moved), _stopping.Token).ConfigureAwait(false);
            }

            return new StateSnapshotEnd(snapshot, null);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return new StateSnapshotEnd(null, exception);
        }
    }

    private void Continue(StateWork work)
    {
        if (work is StateMoves moves)
        {
            Move(moves);
            return;
        }

        var end = (StateSnapshotEnd)work;
        _snapshot = null;
        if (end.Snapshot is { } snapshot)
        {
            DeleteOlder(snapshot);
        }
        else
        {
            _damage = end.Failure as InvalidDataException;
            _bytesSinceSnapshot += _bytesBeforeRotation;
            SnapshotFailed(end.Failure!);
        }
    }

    private void Move(StateMoves moves)
    {
        var next = _index.ToBuilder();
        foreach (var moved in moves.Entries)
        {
            if (next.Find(moved.Key)?.Version == moved.Version)
            {
                next.Put(moved);
            }
        }

        Volatile.Write(ref _index, next.ToIndex());
    }

    private void DeleteOlder(StateSegment snapshot)
    {
        var older = _segments.Where(segment => segment.Header.Number < snapshot.Header.Number).ToList();
        _segments.RemoveAll(older.Contains);
        _segments.Insert(0, snapshot);
        _snapshotBytes = snapshot.End;
        _hasSnapshotFailed = false;
        older.ForEach(segment => segment.Retire());
        try
        {
            _directory.DeleteLeftovers(snapshot.Header.Number);
        }
        catch (IOException)
        {
            // They take space only; the next start deletes them.
        }
    }

    private void SnapshotFailed(Exception exception)
    {
        _options.OnNotice?.Invoke(new LogNotice(
            _damage is null ? LogNoticeSeverity.Warning : LogNoticeSeverity.Error,
            _damage is null
                ? $"No snapshot of the state could be written; it is tried again. {exception.Message}"
                : $"The state store has stopped: {exception.Message}"));
        _hasSnapshotFailed = true;
        _snapshotFailedAt = _time.GetTimestamp();
    }

    private void WriteEndMark()
    {
        try
        {
            _frame.Clear();
            Append(FrameKind.EndMark);
        }
        catch (IOException)
        {
            // Without the mark the next start takes a damaged last commit for a torn one; nothing is lost by that.
        }
    }
}
