using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// Where a tail is: what the next request begins with, and which events are written already. Streams that are found
/// later join without a loss. One thread reads; another may call <see cref="BeginSearch"/> and <see cref="EndSearch"/>.
/// </summary>
/// <remarks>
/// An id of the bus is a place in its whole log. A stream that a search finds did not exist at the search before it. So
/// all its events come after the place where the tail was when that earlier search began. The tail goes back to that
/// place, and leaves out what it has written of the other streams.
/// </remarks>
internal sealed class TailPlace
{
    private readonly HashSet<string> _writtenStreams = new(StringComparer.Ordinal);
    private volatile TailStart _next;
    private TailStart _beforeSearch;
    private TailStart _search;
    private long _writtenPosition;

    /// <param name="start">Where the streams begin.</param>
    /// <param name="beforeStart">A place before all events of streams that did not exist at the first search.</param>
    public TailPlace(TailStart start, TailStart beforeStart)
    {
        _next = start;
        _search = _beforeSearch = beforeStart;
    }

    /// <summary>Where the next request begins.</summary>
    public TailStart Next => _next;

    /// <summary>Whether it reads again what it has written of some streams.</summary>
    private bool IsBack => Volatile.Read(ref _writtenPosition) > 0;

    /// <summary>A search for new streams begins. False if it must not, since the place is not known yet.</summary>
    public bool BeginSearch()
    {
        _search = _next;
        return _search.Id is not null && !IsBack;
    }

    /// <summary>The search found nothing.</summary>
    public void EndSearch() => _beforeSearch = _search;

    /// <summary>Goes back, since a search found streams beside these.</summary>
    public void GoBack(IEnumerable<string> streams)
    {
        if (PositionOf(_next.Id) is not ({ } position, _))
        {
            return;
        }

        _writtenStreams.Clear();
        _writtenStreams.UnionWith(streams);
        _writtenPosition = position;
        _next = _beforeSearch;
    }

    /// <summary>A block has come. False if it is an event that was written before.</summary>
    public bool Take(SseBlock block)
    {
        if (block.Id is not { Length: > 0 } id)
        {
            return true;
        }

        _next = new TailStart(Id: id);
        if (!IsBack || PositionOf(id) is not ({ } position, { } stream))
        {
            return true;
        }

        var isWritten = position <= _writtenPosition && _writtenStreams.Contains(stream);
        if (position >= _writtenPosition)
        {
            Volatile.Write(ref _writtenPosition, 0);
        }

        return !isWritten;
    }

    private static (long? Position, string? Stream) PositionOf(string? id) =>
        id is not null && ResumeId.TryParse(id, out var entries, out _) && entries.Count == 1
            ? (entries[0].Position, entries[0].Topic)
            : (null, null);
}
