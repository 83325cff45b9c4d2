using System.Buffers;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// A connection's place in the log, and what it writes from there on. A replay and a live stream are the same: a
/// position, and the pages that follow it. Used by one thread at a time.
/// </summary>
internal sealed class ConnectionCursor
{
    private readonly PageFeed _feed;
    private readonly StreamRequest _request;
    private readonly StreamSelection _selection;
    private readonly int _writeBytesMax;
    private readonly TimeProvider _time;
    private long _position;

    // Records below this are passed over if they are too late for the request, since others that are not may follow:
    // the clock was wrong.
    private long _lateBefore;

    // The end of the log when that was found. While it does not move, it need not be searched again.
    private long _lateFoundAt = -1;

    // The offset that follows in each of several streams. For a single stream, the place says it.
    private Dictionary<string, long>? _offsets;

    // An event larger than a write, whose record is before the position, or room for one that comes next.
    private readonly PartialEvent _partial;

    public ConnectionCursor(
        PageFeed feed, StreamRequest request, StreamStart start, int writeBytesMax, TimeProvider time)
    {
        _time = time;
        _feed = feed;
        _request = request;
        _selection = new StreamSelection(request, start);
        _partial = new PartialEvent(feed.Held, request.Network);
        _writeBytesMax = writeBytesMax;
        _position = start.Position;
        Place = start.Anchor;
    }

    /// <summary>The next records are not in the shared pages: they are read from the log.</summary>
    public bool IsBehind => !_partial.IsOpen && _feed.FindShared(_position, out var isAhead) is null && !isAhead;

    /// <summary>All records below this position were written, or are not wanted.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The place after the last record written.</summary>
    public StreamPlace Place { get; private set; }

    /// <summary>The offset that the client expects next in a stream; null when it has seen nothing of it.</summary>
    public long? OffsetOf(string stream) =>
        stream == Place.Stream ? Place.Offset
        : _offsets is not null && _offsets.TryGetValue(stream, out var offset) ? offset
        : null;

    /// <summary>Records written so far.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Retention took the records that follow the position, and the shared pages do not hold them.</summary>
    public bool HasLostRecords => _position < _feed.FirstPosition && _feed.FindShared(_position, out _) is null;

    /// <summary>
    /// Moves over what is not wanted, in the shared pages only. True if a record is to be written, or the log is to be
    /// read.
    /// </summary>
    public bool SkipToWanted()
    {
        bool isAhead;
        while (_feed.FindShared(_position, out isAhead) is { } page)
        {
            var endsHere = EndOf(page) < page.Next;
            if (endsHere || _selection.WantsAny(page, page.Show(_request.View), _position))
            {
                return true;
            }

            MoveTo(page.Next);
        }

        return !isAhead;
    }

    /// <summary>Moves over records that are lost.</summary>
    public void SkipLostRecords(long firstPosition) => MoveTo(Math.Max(_position, firstPosition));

    /// <summary>Writes about as much as one write may hold.</summary>
    /// <param name="output">Gets it.</param>
    /// <param name="isInTurn">The connection has a turn (<see cref="CatchUpTurns"/>), so the log may be read.</param>
    public Progress WriteNext(IBufferWriter<byte> output, bool isInTurn)
    {
        if (_partial.IsOpen)
        {
            _partial.WriteNext(output, _writeBytesMax);
            return Progress.Written;
        }

        if (_partial.IsWaiting)
        {
            return Progress.NoRoom;
        }

        var progress = WritePages(output, isInTurn);
        _partial.ReleaseUnused();
        return progress;
    }

    private Progress WritePages(IBufferWriter<byte> output, bool isInTurn)
    {
        var written = 0;
        var started = _time.GetTimestamp();
        do
        {
            var page = _feed.FindShared(_position, out var isAhead);
            if (page is null && isAhead)
            {
                return written > 0 ? Progress.Written : Progress.AtHead;
            }

            if (page is null && !isInTurn)
            {
                break;
            }

            page ??= _feed.ReadBehind(_position, _selection.Streams, _partial);
            if (page is null)
            {
                return written > 0 ? Progress.Written : Progress.NoRoom;
            }

            if (HasLostRecords)
            {
                // Retention was faster than the reader, which may have passed over lost records. The client gets the
                // gap first.
                break;
            }

            var before = _position;
            if (WritePage(page, output, ref written) && !_partial.IsOpen)
            {
                if (HasReachedEnd())
                {
                    return written > 0 ? Progress.Written : Progress.Finished;
                }

                continue;
            }

            if (_position == before)
            {
                // A large event comes next, in a write of its own.
                break;
            }
        }
        while (written < _writeBytesMax && _time.GetElapsedTime(started) < CatchUpTurns.DurationMax);

        return written > 0 ? Progress.Written : _partial.IsWaiting ? Progress.NoRoom : Progress.PassedOver;
    }

    /// <summary>
    /// Writes the wanted records of a page, up to the size of one write. True if the next record is too late for the
    /// request.
    /// </summary>
    private bool WritePage(EventPage page, IBufferWriter<byte> output, ref int written)
    {
        var shown = page.Show(_request.View);
        var entries = shown.Entries;
        var end = EndOf(page);
        var run = default((int Start, int End));
        var isStopped = false;
        for (var index = shown.IndexOf(_position); index < entries.Length && !isStopped; index++)
        {
            ref readonly var entry = ref entries[index];
            if (entry.Position >= end)
            {
                break;
            }

            isStopped = written >= _writeBytesMax;
            if (!isStopped && _selection.Wants(page, entry))
            {
                isStopped = !TryWrite(page, entry, shown.Bytes, output, ref run, ref written);
            }

            if (!isStopped)
            {
                MoveTo(entry.Position + 1);
            }
        }

        output.Write(shown.Bytes.AsSpan(run.Start..run.End));
        if (!isStopped && written < _writeBytesMax)
        {
            MoveTo(end);
        }

        return _position == end && end < page.Next;
    }

    /// <summary>
    /// Where the page ends for the request: at the first record that is too late, unless earlier ones may follow.
    /// </summary>
    private long EndOf(EventPage page) => _selection.EndOf(page, Math.Max(_position, _lateBefore));

    /// <summary>
    /// The next record is too late for the request. True if all that follow are, too; so it is unless the clock was
    /// wrong.
    /// </summary>
    private bool HasReachedEnd()
    {
        if (_feed.End is var end && end != _lateFoundAt)
        {
            _lateBefore = _feed.FindEnd(_request.UntilMs!.Value);
            _lateFoundAt = end;
        }

        return _lateBefore <= _position;
    }

    /// <summary>
    /// Adds an event to the run of bytes that is copied together, or begins to write one that is larger than a write.
    /// False if that has to wait.
    /// </summary>
    private bool TryWrite(
        EventPage page, in PageEntry entry, byte[] bytes, IBufferWriter<byte> output,
        ref (int Start, int End) run, ref int written)
    {
        var isEvent = _request.Format == StreamFormat.ServerSentEvents;
        var start = isEvent ? entry.Start : entry.DataStart;
        var end = isEvent ? entry.End : entry.End - 1;
        if (end - start > 2 * _writeBytesMax)
        {
            // In a write of its own: the next writes hold only its rest.
            if (written > 0 || !_partial.TryReserve(page.Bytes))
            {
                return false;
            }

            WriteIdOfSigned(entry, bytes, output);
            _partial.Begin(bytes.AsMemory(start..end), output, _writeBytesMax);
        }
        else if (start == run.End && run.End > 0)
        {
            // Neighbouring events are copied together; most often that is all of them.
            run.End = end;
        }
        else
        {
            output.Write(bytes.AsSpan(run.Start..run.End));
            WriteIdOfSigned(entry, bytes, output);
            run = (start, end);
        }

        written += entry.End - entry.Start;
        NoteWritten(entry);
        return true;
    }

    private void WriteIdOfSigned(in PageEntry entry, byte[] bytes, IBufferWriter<byte> output)
    {
        if (entry.IsSigned && _request.Format == StreamFormat.JsonLines)
        {
            BlockWriter.WriteIdObject(output, bytes.AsSpan(entry.Id));
        }
    }

    private void NoteWritten(in PageEntry entry)
    {
        Place = new StreamPlace(entry.Stream, entry.Offset + 1, entry.TimeMs + 1);
        RecordCount++;
        if (_request.Streams.Count > 1)
        {
            (_offsets ??= new(StringComparer.Ordinal))[entry.Stream] = Place.Offset;
        }
    }

    /// <summary>Releases the pages that are held. Nothing is written after this.</summary>
    public void Close() => _partial.Close();

    private void MoveTo(long position) => Volatile.Write(ref _position, position);
}
