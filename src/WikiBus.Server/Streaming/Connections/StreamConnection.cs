using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// One connection: the loop that writes what comes after its position. While it waits it holds no buffer, no timer and
/// no thread. A slow client falls behind; nothing is kept for it.
/// </summary>
/// <remarks>
/// The <see cref="Audience"/> offers new records (<see cref="Offer"/>), lets time pass (<see cref="Tick"/>) and ends
/// the connection (<see cref="End"/>), each on any thread. <see cref="ConnectionWait"/> says how they share it with the
/// loop. It can be woken for the feed's end, <see cref="ConnectionOutput.IsClosed"/>, <see cref="_left"/> and
/// <see cref="_endRetryMs"/>.
/// </remarks>
internal sealed class StreamConnection
{
    /// <summary>
    /// Records appended just before <c>until</c> may still be on their way to the disk when the clock passes it.
    /// </summary>
    private static readonly TimeSpan s_untilGrace = TimeSpan.FromSeconds(2);

    /// <summary>After this delay a connection that could not move tries again.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes to find out whether a client that has ended its sending still listens.</summary>
    private const int ProbeCount = 10;

    /// <summary>Longer than the answer to a write usually takes.</summary>
    private static readonly TimeSpan s_probeDelay = TimeSpan.FromMilliseconds(30);

    /// <summary>How long a connection that is to end waits for a client that takes nothing.</summary>
    private static readonly TimeSpan s_endingWriteTimeout = TimeSpan.FromSeconds(1);

    private readonly HttpContext _context;
    private readonly StreamRequest _request;
    private readonly ConnectionParts _parts;
    private readonly ConnectionCursor _cursor;
    private readonly ConnectionOutput _output;
    private readonly ConnectionWait _wait = new();
    private readonly StandstillWatch _standstill;
    private readonly StreamNotices _notices;
    private readonly CancellationToken _left;
    private long _endRetryMs;
    private bool _isFinished;
    private bool _isProbed;

    /// <summary>Made when the response has started.</summary>
    public StreamConnection(HttpContext context, StreamRequest request, StreamStart start, ConnectionParts parts)
    {
        _context = context;
        _request = request;
        _parts = parts;
        _left = SendingEnd.Of(context);
        _output = new ConnectionOutput(context.Response.BodyWriter, parts);
        _standstill = new StandstillWatch(parts.Time);
        _cursor = new ConnectionCursor(parts.Feed, request, start, parts.Options.WriteBytesMax, parts.Time);
        _notices = new StreamNotices(_output.Writer, request, _cursor, parts);
    }

    /// <summary>The client has ended its sending: most have gone, some still listen.</summary>
    private bool HasLeft => _left.IsCancellationRequested;

    private bool IsEnding => Volatile.Read(ref _endRetryMs) != 0;

    private bool HasReason => _output.IsClosed || HasLeft || IsEnding || _parts.Feed.End > _cursor.Position;

    private bool IsHeartbeatDue => _output.IsHeartbeatDue(_parts.Time.GetTimestamp());

    private bool IsPastUntil => IsPast(s_untilGrace);

    private bool IsPast(TimeSpan grace) =>
        _request.UntilMs is { } until && _parts.Feed.HasPassed(until + (long)grace.TotalMilliseconds);

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
            while (!_output.IsClosed && !IsEnding && !_isFinished)
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

            if (!_output.IsClosed)
            {
                _notices.WriteFarewell(Volatile.Read(ref _endRetryMs));
            }

            await FlushAsync();
        }
        catch (Exception) when (_output.IsClosed || _context.RequestAborted.IsCancellationRequested)
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
        while (_wait.TryTake())
        {
            if (_output.IsClosed || HasLeft || IsEnding || _cursor.SkipToWanted())
            {
                _wait.Resume();
                return;
            }

            _wait.PutBack();
            if (!HasReason)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Time has passed. Wakes the connection if it is due. Ends it if its client takes nothing, or its key has
    /// ended. Any thread.
    /// </summary>
    public void Tick(long now)
    {
        if (_output.FlushingSince(now) is { } elapsed)
        {
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
        else if (_request.Caller.HasEnded)
        {
            End(_parts.Options.RetryDelay);
        }
        else if (_output.IsHeartbeatDue(now) || IsPastUntil)
        {
            _wait.Wake();
        }
    }

    /// <summary>Ends the response. Any thread.</summary>
    /// <param name="retry">When the client is to come back.</param>
    public void End(TimeSpan retry)
    {
        Interlocked.Exchange(ref _endRetryMs, Math.Max(1, (long)retry.TotalMilliseconds));
        _wait.Wake();
    }

    // Returns what the step waits for instead of awaiting it: with thousands of connections each awaiting method would
    // cost memory.
    private ValueTask StepAsync()
    {
        if (_cursor.IsBehind)
        {
            return CatchUpAsync();
        }

        _standstill.Reset();
        return CompleteAsync(_cursor.WriteNext(_output.Writer, isInTurn: false));
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
            if (_output.IsClosed || IsEnding)
            {
                return;
            }

            progress = WriteFromLog();
        }

        // Waiting for the client, or for room that others hold, is not a standstill.
        if (_cursor.Position > before || progress != Progress.PassedOver)
        {
            _standstill.Reset();
            await CompleteAsync(progress);
        }
        else
        {
            _standstill.NoteStandstill(before);
            await CompleteAsync(progress);
            await Task.Delay(s_retryDelay, _parts.Time, _context.RequestAborted);
        }
    }

    /// <summary>
    /// Writes to a client that has ended its sending. If it has gone, its system answers the first write with a reset,
    /// and a later flush reports that. Without this, a replay would continue for it until the next heartbeats.
    /// </summary>
    private async ValueTask ProbeAsync()
    {
        _isProbed = true;
        for (var count = 0; count < ProbeCount && !_output.IsClosed; count++)
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
            return _cursor.WriteNext(_output.Writer, isInTurn: true);
        }

        _notices.WriteLoss();
        return Progress.Written;
    }

    /// <summary>Does what a step's progress calls for: flushes, waits or ends.</summary>
    private ValueTask CompleteAsync(Progress progress)
    {
        switch (progress)
        {
            case Progress.Written:
                return FlushAsync();
            case Progress.NoRoom when !IsHeartbeatDue:
                return new ValueTask(Task.Delay(s_retryDelay, _parts.Time, _context.RequestAborted));
            case Progress.PassedOver when !IsHeartbeatDue:
                return ValueTask.CompletedTask;
            case Progress.Finished when IsPast(TimeSpan.Zero) || HasLeft:
            case Progress.AtHead when IsPastUntil || HasLeft:
                _isFinished = true;
                return ValueTask.CompletedTask;
            case Progress.Finished when !IsHeartbeatDue:
                // The record's time is in the future, so the clock was wrong then. Others may still follow.
                return new ValueTask(Task.Delay(s_retryDelay, _parts.Time, _context.RequestAborted));
            case Progress.AtHead when !IsHeartbeatDue:
                return WaitAsync();
            default:
                _notices.WriteHeartbeat();
                return FlushAsync();
        }
    }

    private ValueTask WaitAsync()
    {
        var woken = _wait.Begin();
        if (HasReason)
        {
            _wait.Wake();
        }

        return new ValueTask(woken);
    }

    private void Close()
    {
        _output.Close();
        Interlocked.MemoryBarrier();
        _wait.Wake();
    }

    // Most have gone for good. A client that still listens gets the rest; a write to one that has gone ends the
    // connection.
    private void Leave()
    {
        Interlocked.MemoryBarrier();
        _wait.Wake();
    }

    private ValueTask FlushAsync() => _output.FlushAsync(_cursor.RecordCount);
}
