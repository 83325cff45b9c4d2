using System.IO.Pipelines;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// The writing end of one connection, and when it was last used. One thread writes and flushes; the times and
/// <see cref="IsClosed"/> may be read by any thread.
/// </summary>
internal sealed class ConnectionOutput(PipeWriter writer, ConnectionParts parts)
{
    private readonly StreamingOptions _options = parts.Options;
    private readonly TimeProvider _time = parts.Time;
    private long _writtenAt = parts.Time.GetTimestamp();
    private long _flushStartedAt;
    private long _recordsCounted;
    private volatile bool _isClosed;

    /// <summary>Gets what the next flush sends.</summary>
    public PipeWriter Writer => writer;

    /// <summary>The connection is lost: nothing can be sent any more.</summary>
    public bool IsClosed => _isClosed;

    public void Close() => _isClosed = true;

    /// <summary>Sends what was written.</summary>
    /// <param name="recordCount">The records written since the connection began.</param>
    public async ValueTask FlushAsync(long recordCount)
    {
        Volatile.Write(ref _flushStartedAt, _time.GetTimestamp());
        var bytes = writer.UnflushedBytes;

        // No token: an aborted connection completes the flush, and a registration for each write would cost more than
        // the write.
        var result = await writer.FlushAsync(CancellationToken.None);
        if (result.IsCompleted)
        {
            _isClosed = true;
        }

        Volatile.Write(ref _writtenAt, _time.GetTimestamp());
        Volatile.Write(ref _flushStartedAt, 0);
        parts.Diagnostics.CountWrite(recordCount - _recordsCounted, bytes);
        _recordsCounted = recordCount;
    }

    /// <summary>How long a flush has waited for the client; null when none does.</summary>
    public TimeSpan? FlushingSince(long now)
    {
        var startedAt = Volatile.Read(ref _flushStartedAt);
        return startedAt == 0 ? null : _time.GetElapsedTime(startedAt, now);
    }

    /// <summary>Nothing was sent for so long that the client needs a sign of life.</summary>
    public bool IsHeartbeatDue(long now) =>
        _time.GetElapsedTime(Volatile.Read(ref _writtenAt), now) >= _options.HeartbeatInterval;
}
