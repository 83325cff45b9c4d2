using System.Collections.Concurrent;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Work in the background that the writer must not wait for: preparing the next segment, writing the index of the
/// sealed one, retention. One task, which blocks a thread of the pool while it works. A failure is reported, and the
/// work is tried again.
/// </summary>
internal sealed class LogUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan s_retentionInterval = TimeSpan.FromSeconds(10);

    private readonly LogDirectory _directory;
    private readonly SegmentPreparation _preparation;
    private readonly IndexStore _indexes;
    private readonly IdStore _ids;
    private readonly Retention _retention;
    private readonly EventLogOptions _options;
    private readonly ConcurrentQueue<SegmentContents> _sealed = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _task;
    private readonly Lock _gate = new();
    private (long LengthBefore, double PartUsed)? _toPrepare;
    private int _isRetentionDue;

    public LogUpkeep(
        LogDirectory directory,
        SegmentPreparation preparation,
        IndexStore indexes,
        IdStore ids,
        Retention retention,
        EventLogOptions options,
        TimeProvider time)
    {
        _directory = directory;
        _preparation = preparation;
        _indexes = indexes;
        _ids = ids;
        _retention = retention;
        _options = options;
        _timer = time.CreateTimer(_ => RequestRetention(), state: null, s_retentionInterval, s_retentionInterval);
        _task = RunAsync();
    }

    /// <summary>
    /// Prepares the next segment in step with the last one, of which this part (0 to 1) is used and this length was
    /// prepared.
    /// </summary>
    public void Prepare(long preparedLength, double partUsed)
    {
        if (!_preparation.IsDue(partUsed))
        {
            return;
        }

        lock (_gate)
        {
            var isAwake = _toPrepare is not null;
            _toPrepare = (preparedLength, partUsed);
            if (!isAwake)
            {
                _wake.Release();
            }
        }
    }

    public void SegmentStarted(SegmentContents contents) => _indexes.Keep(contents);

    public void SegmentSealed(SegmentContents contents)
    {
        _sealed.Enqueue(contents);
        RequestRetention();
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        if (_directory.IsOurs())
        {
            WriteSealed();
        }

        _preparation.Dispose();
        _stopping.Dispose();
        _wake.Dispose();
    }

    private void RequestRetention()
    {
        if (Interlocked.Exchange(ref _isRetentionDue, 1) == 0)
        {
            _wake.Release();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_stopping.Token).ConfigureAwait(false);
                RunOnce();
            }
        }
        catch (OperationCanceledException)
        {
            // The log is closing.
        }
    }

    private void RunOnce()
    {
        try
        {
            var toPrepare = TakeToPrepare();
            var isRetentionDue = Interlocked.Exchange(ref _isRetentionDue, 0) == 1;
            if (!_directory.IsOurs())
            {
                // The writer reports it. Another log may have the path now, and must not be changed.
                return;
            }

            if (toPrepare is { } segment)
            {
                _preparation.Run(segment.LengthBefore, segment.PartUsed, _stopping.Token);
            }

            WriteSealed();
            if (isRetentionDue)
            {
                _retention.Run();
            }
        }
        catch (DirectoryNotFoundException) when (_stopping.IsCancellationRequested)
        {
            // The log's directory was deleted before the log had stopped: nothing is left to do.
        }
        catch (Exception exception) when (exception is IOException or LogDamagedException)
        {
            _options.OnNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning, $"The log's upkeep failed and is tried again. {exception.Message}"));
        }
    }

    private (long LengthBefore, double PartUsed)? TakeToPrepare()
    {
        lock (_gate)
        {
            var taken = _toPrepare;
            _toPrepare = null;
            return taken;
        }
    }

    private void WriteSealed()
    {
        while (_sealed.TryDequeue(out var contents))
        {
            _ids.WriteWithIndex(contents);
        }
    }
}
