using System.Collections.Concurrent;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// The events after a position as formatted pages: from the shared window at the head, else read from the log for one
/// connection, without the segments that hold none of its streams. Safe for concurrent use, except for
/// <see cref="Extend"/>.
/// </summary>
internal sealed class PageFeed : IDisposable
{
    private const int HeadPageBytes = 256 << 10;

    /// <summary>Builders kept with their buffers. Without them, a replay takes a quarter more processor time.</summary>
    private const int BuildersKeptMax = 8;

    private readonly EventLog _log;
    private readonly OpenLogReader _openReader;
    private readonly StreamingOptions _options;
    private readonly ResumeIdWriter _ids;
    private readonly HeadWindow _window;
    private readonly ConcurrentBag<PageBuilder> _builders = [];

    public PageFeed(
        EventLog log, OpenLogReader openReader, StreamingOptions options, StreamingDiagnostics diagnostics)
    {
        _log = log;
        _openReader = openReader;
        _options = options;
        _ids = new ResumeIdWriter(log.LogId);
        _window = new HeadWindow(options.CacheBytesMax, log.EndPosition);
        Held = new HeldPages(options.CacheBytesMax);
        diagnostics.ObserveCache(() => _window.Bytes + Held.Bytes);
    }

    /// <summary>The pages that connections hold while they write a large event.</summary>
    public HeldPages Held { get; }

    /// <summary>The position up to which connections at the head can read.</summary>
    public long End => _window.End;

    /// <summary>The first position that retention has left.</summary>
    public long FirstPosition => _log.FirstPosition;

    public ResumeIdWriter Ids => _ids;

    /// <summary>Whether a time, in Unix ms, has certainly passed.</summary>
    public bool HasPassed(long timeMs) => _log.HasPassed(timeMs);

    /// <summary>A position from which on no record was appended before a time, in Unix ms.</summary>
    public long FindEnd(long timeMs) => _log.FindEnd(timeMs);

    /// <summary>The first offset of a stream that retention has left.</summary>
    public long FirstOffsetOf(string stream) => _log.FindStream(stream)?.FirstOffset ?? 0;

    /// <summary>Moves the end of the window to the end of the log.</summary>
    /// <param name="isRead">Whether anybody reads; if not, nothing is formatted.</param>
    public void Extend(bool isRead)
    {
        if (!isRead)
        {
            _window.Restart(_log.EndPosition);
            return;
        }

        using var reader = _openReader(_window.End, filter: null);
        var builder = Rent();
        try
        {
            bool isMore;
            do
            {
                var from = _window.End;
                isMore = reader.Read(builder.Batch, HeadPageBytes);
                if (reader.Position > from)
                {
                    _window.Add(builder.Build(from, reader.Position));
                }
            }
            while (isMore);
        }
        finally
        {
            Return(builder);
        }
    }

    /// <summary>
    /// The page of the window that holds a position. Null when the window does not cover it; then
    /// <paramref name="isAhead"/> says whether it is at or beyond the window's end.
    /// </summary>
    public EventPage? FindShared(long position, out bool isAhead) => _window.Find(position, out isAhead);

    /// <summary>
    /// Reads what follows a position behind the window. Null when a large record follows and the connection has no room
    /// to hold it; then it is not formatted.
    /// </summary>
    public EventPage? ReadBehind(long position, IReadOnlySet<string> streams, PartialEvent room)
    {
        using var reader = _openReader(position, new ReadFilter { Streams = streams });
        var builder = Rent();
        try
        {
            reader.Read(builder.Batch, _options.WriteBytesMax);
            var bytes = builder.PayloadBytes;
            return bytes <= 2 * _options.WriteBytesMax || room.TryReserve(bytes)
                ? builder.Build(position, reader.Position)
                : null;
        }
        finally
        {
            Return(builder);
        }
    }

    public void Dispose()
    {
        while (_builders.TryTake(out var builder))
        {
            builder.Dispose();
        }
    }

    private PageBuilder Rent() => _builders.TryTake(out var builder) ? builder : new PageBuilder(_ids);

    private void Return(PageBuilder builder)
    {
        if (!builder.IsLarge && _builders.Count < BuildersKeptMax)
        {
            _builders.Add(builder);
        }
        else
        {
            builder.Dispose();
        }
    }
}
