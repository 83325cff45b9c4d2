using System.IO.Pipelines;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// One connection: the loop that writes what comes after its position. While it waits it holds no buffer, no timer
/// and no thread; a client that is slow is behind, nothing is kept for it.
/// </summary>
/// <remarks>
/// How a record gets from the log to a thousand sockets:
/// <list type="number">
/// <item>The <see cref="Audience"/> waits for the log's end to move and lets the <see cref="PageFeed"/> read what is
/// new.</item>
/// <item>A <see cref="PageBuilder"/> writes each record once, as the bytes that most clients get, into a
/// <see cref="EventPage"/>; the <see cref="HeadWindow"/> keeps the newest pages.</item>
/// <item>The audience offers the new end to its connections, an <see cref="AudienceSection"/> at a time; they wake up
/// if they want some of it (<see cref="Offer"/>).</item>
/// <item>The <see cref="ConnectionCursor"/> of a connection goes through the pages behind its position, leaves out what the
/// <see cref="StreamSelection"/> and the <see cref="StreamView"/> do not want, and copies the rest to the socket's
/// buffer, about one write at a time.</item>
/// <item>The flush ends when the socket has room. Meanwhile the log goes on; the connection takes up where it was,
/// from the window, or behind it from the log itself, in <see cref="CatchUpTurns"/>. That is also how a replay
/// begins.</item>
/// </list>
/// One thread owns the connection at a time; while it waits, nobody does, and whoever turns <see cref="Waiting"/> into
/// <see cref="Running"/> owns it until it waits again. A waker first changes what it wakes for (the feed's end,
/// <see cref="_isClosed"/>, <see cref="_left"/>, <see cref="_endRetryMs"/>), then looks at the state; the connection
/// first sets its state, then looks at those. Both with full fences, so at least one of them sees the other.
/// </remarks>
internal sealed class StreamConnection
{
    private const int Running = 0;
    private const int Waiting = 1;

    /// <summary>
    /// Records appended just before <c>until</c> may still be on their way to the disk when the clock passes it.
    /// </summary>
    private static readonly TimeSpan s_untilGrace = TimeSpan.FromSeconds(2);

    /// <summary>After it a connection that could not move tries again.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes to find out whether a client that has ended its sending still listens.</summary>
    private const int ProbeCount = 10;

    /// <summary>So long the answer to a write takes at most, as a rule.</summary>
    private static readonly TimeSpan s_probeDelay = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// A connection that does not move for so long ends, while records lie ahead of it. It does not count while the
    /// client takes nothing, or while others hold all the room for large events.
    /// </summary>
    private static readonly TimeSpan s_standstillMax = TimeSpan.FromSeconds(10);

    /// <summary>Once the connection is to end, a client that takes nothing is waited for so long.</summary>
    private static readonly TimeSpan s_endingWriteTimeout = TimeSpan.FromSeconds(1);

    private readonly HttpContext _context;
    private readonly StreamRequest _request;
    private readonly ConnectionParts _parts;
    private readonly ConnectionCursor _cursor;
    private readonly PipeWriter _output;
    private readonly StreamNotices _notices;
    private readonly CancellationToken _left;
    private TaskCompletionSource _wake = new();
    private int _state = Running;
    private volatile bool _isClosed;
    private long _endRetryMs;
    private long _flushStartedAt;
    private long _writtenAt;
    private long _recordsCounted;
    private long _standsStillSince;
    private bool _isFinished;
    private bool _isProbed;

    /// <summary>Made when the response has started.</summary>
    public StreamConnection(HttpContext context, StreamRequest request, StreamStart start, ConnectionParts parts)
    {
        _context = context;
        _request = request;
        _parts = parts;
        _output = context.Response.BodyWriter;
        _left = SendingEnd.Of(context);
        _cursor = new ConnectionCursor(parts.Feed, request, start, parts.Options.WriteBytesMax, parts.Time);
        _notices = new StreamNotices(_output, request, _cursor, parts);
        _writtenAt = parts.Time.GetTimestamp();
    }

    /// <summary>The client has ended its sending: most have gone, some still listen.</summary>
    private bool HasLeft => _left.IsCancellationRequested;

    private bool IsEnding => Volatile.Read(ref _endRetryMs) != 0;

    /// <summary>Writes until the client goes, the server stops or the end that the request named is reached.</summary>
    /// <param name="gaps">What the client asked for and cannot get.</param>
    public async Task RunAsync(IReadOnlyList<StreamGap> gaps)
    {
        await using var aborted = _context.RequestAborted.UnsafeRegister(
            static connection => ((StreamConnection)connection!).Close(), this);
        await using var left = _left.UnsafeRegister(
            static connection => ((StreamConnection)connection!).Leave(), this);
        try
        {
            _notices.WriteOpening(gaps);
            await FlushAsync();
            while (!_isClosed && !IsEnding && !_isFinished)
            {
                try
                {
                    await StepAsync();
                }
                catch (OperationCanceledException) when (HasLeft && !_context.RequestAborted.IsCancellationRequested)
                {
                    // It left while the connection waited for its turn.
                }
            }

            if (!_isClosed)
            {
                _notices.WriteFarewell(Volatile.Read(ref _endRetryMs));
            }

            await FlushAsync();
        }
        catch (Exception) when (_isClosed || _context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone in the middle of a write, or while the connection waited for its turn.
        }
        catch (StandstillException exception)
        {
            _parts.Diagnostics.ConnectionStoodStill(exception);
            _notices.WriteError(BlockWriter.StandstillData());
            await FlushAsync();
        }
        catch (Exception exception) when (LogFault.Is(exception))
        {
            _parts.Diagnostics.RecordDamaged(exception);
            _notices.WriteError(BlockWriter.DamageData());
            await FlushAsync();
        }
        finally
        {
            _cursor.Close();
        }
    }

    /// <summary>There is more in the feed: wakes the connection if it wants some of it. Any thread.</summary>
    public void Offer()
    {
        while (TryTake())
        {
            if (_isClosed || HasLeft || IsEnding || _cursor.SkipToWanted())
            {
                _wake.SetResult();
                return;
            }

            Interlocked.Exchange(ref _state, Waiting);
            if (!HasReason)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Time has passed: wakes the connection if it is due, ends it if it takes nothing or may not read any more. Any
    /// thread.
    /// </summary>
    public void Tick(long now)
    {
        var flushStartedAt = Volatile.Read(ref _flushStartedAt);
        if (flushStartedAt != 0)
        {
            var elapsed = _parts.Time.GetElapsedTime(flushStartedAt, now);
            if (elapsed >= _parts.Options.WriteTimeout)
            {
                _parts.Diagnostics.CountWriteTimeout();
                _context.Abort();
            }
            else if (IsEnding && elapsed >= s_endingWriteTimeout)
            {
                _context.Abort();
            }
        }
        else if (!_request.IsEntitled)
        {
            End(_parts.Options.RetryDelay);
        }
        else if (IsHeartbeatDue(now) || IsPastUntil)
        {
            Wake();
        }
    }

    /// <summary>Ends the response; the client is told when to come back. Any thread.</summary>
    public void End(TimeSpan retry)
    {
        Interlocked.Exchange(ref _endRetryMs, Math.Max(1, (long)retry.TotalMilliseconds));
        Wake();
    }

    // Returns what the step waits for instead of waiting itself: thousands wait here, and a frame each would add up.
    private ValueTask StepAsync()
    {
        if (_cursor.IsBehind)
        {
            return CatchUpAsync();
        }

        _standsStillSince = 0;
        return FollowAsync(_cursor.WriteNext(_output, isInTurn: false));
    }

    /// <summary>Reads on from the log, in a turn among the connections that do.</summary>
    private async ValueTask CatchUpAsync()
    {
        // Not in the waker's thread, which has others to wake; and a client that reads fast never makes this wait.
        await Task.Yield();
        if (HasLeft && !_isProbed)
        {
            await ProbeAsync();
            return;
        }

        var before = _cursor.Position;
        Progress progress;
        using (await _parts.Turns.TakeAsync(_isProbed ? _context.RequestAborted : _left))
        {
            if (_isClosed || IsEnding)
            {
                return;
            }

            progress = WriteFromLog();
        }

        var hasMoved = _cursor.Position > before || progress != Progress.PassedOver;
        RequireProgress(hasMoved);
        await FollowAsync(progress);
        if (!hasMoved)
        {
            await Task.Delay(s_retryDelay, _parts.Time, _context.RequestAborted);
        }
    }

    /// <summary>
    /// Writes to a client that has ended its sending. If it has gone, the first write is answered with a reset, a later
    /// one fails, and the one after that is told so. Else a replay would go on for it until the next heartbeats.
    /// </summary>
    private async ValueTask ProbeAsync()
    {
        _isProbed = true;
        for (var count = 0; count < ProbeCount && !_isClosed; count++)
        {
            _notices.WriteHeartbeat();
            await FlushAsync();
            await Task.Delay(s_probeDelay, _parts.Time, _context.RequestAborted);
        }
    }

    private Progress WriteFromLog()
    {
        if (!_cursor.HasLostRecords)
        {
            return _cursor.WriteNext(_output, isInTurn: true);
        }

        _notices.WriteLoss();
        return Progress.Written;
    }

    /// <summary>
    /// Ends a connection that stands still although records lie ahead of it. Nothing is known to bring this about; if
    /// it happens all the same, the client must not wait for ever and the operator must know.
    /// </summary>
    private void RequireProgress(bool hasMoved)
    {
        var now = _parts.Time.GetTimestamp();
        if (hasMoved)
        {
            _standsStillSince = 0;
        }
        else if (_standsStillSince == 0)
        {
            _standsStillSince = now;
        }
        else if (_parts.Time.GetElapsedTime(_standsStillSince, now) >= s_standstillMax)
        {
            throw new StandstillException(_cursor.Position);
        }
    }

    private ValueTask FollowAsync(Progress progress)
    {
        switch (progress)
        {
            case Progress.Written:
                return FlushAsync();
            case Progress.NoRoom when !IsHeartbeatDue(_parts.Time.GetTimestamp()):
                return new ValueTask(Task.Delay(s_retryDelay, _parts.Time, _context.RequestAborted));
            case Progress.PassedOver when !IsHeartbeatDue(_parts.Time.GetTimestamp()):
                return ValueTask.CompletedTask;
            case Progress.Finished:
            case Progress.AtHead when IsPastUntil || HasLeft:
                _isFinished = true;
                return ValueTask.CompletedTask;
            case Progress.AtHead when !IsHeartbeatDue(_parts.Time.GetTimestamp()):
                return WaitAsync();
            default:
                _notices.WriteHeartbeat();
                return FlushAsync();
        }
    }

    private ValueTask WaitAsync()
    {
        // What it wakes runs in the waker's thread: the next write, mostly, of some microseconds.
        var wake = _wake = new TaskCompletionSource();
        Interlocked.Exchange(ref _state, Waiting);
        if (HasReason)
        {
            Wake();
        }

        return new ValueTask(wake.Task);
    }

    private bool HasReason => _isClosed || HasLeft || IsEnding || _parts.Feed.End > _cursor.Position;

    private bool TryTake() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    private void Wake()
    {
        if (TryTake())
        {
            _wake.SetResult();
        }
    }

    private void Close()
    {
        _isClosed = true;
        Interlocked.MemoryBarrier();
        Wake();
    }

    // Most have gone for good. Who still listens gets what there is, and a write to who does not ends the connection.
    private void Leave()
    {
        Interlocked.MemoryBarrier();
        Wake();
    }

    private bool IsHeartbeatDue(long now) =>
        _parts.Time.GetElapsedTime(Volatile.Read(ref _writtenAt), now) >= _parts.Options.HeartbeatInterval;

    private bool IsPastUntil =>
        _request.UntilMs is { } until
        && _parts.Time.GetUtcNow().ToUnixTimeMilliseconds() >= until + s_untilGrace.TotalMilliseconds;

    private async ValueTask FlushAsync()
    {
        Volatile.Write(ref _flushStartedAt, _parts.Time.GetTimestamp());
        var bytes = _output.UnflushedBytes;

        // No token: an aborted connection completes the flush, and a registration for each write would cost more than
        // the write.
        var result = await _output.FlushAsync(CancellationToken.None);
        _isClosed |= result.IsCompleted;
        Volatile.Write(ref _writtenAt, _parts.Time.GetTimestamp());
        Volatile.Write(ref _flushStartedAt, 0);
        _parts.Diagnostics.CountWrite(_cursor.RecordCount - _recordsCounted, bytes);
        _recordsCounted = _cursor.RecordCount;
    }
}
