using WikiBus.Server.Access.Rights;
using WikiBus.Server.Filters;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Which records of a page a connection gets, by their stream, start and end, and by the caller's rights. Immutable.
/// </summary>
internal sealed class StreamSelection
{
    // Most connections read one stream, and there are thousands of them: they do without a set.
    private readonly string? _onlyStream;
    private readonly HashSet<string>? _manyStreams;
    private readonly IReadOnlyDictionary<string, long>? _notBefore;
    private readonly long? _untilMs;
    private readonly Caller? _limited;

    public StreamSelection(StreamRequest request, StreamStart start)
    {
        if (request.Streams.Count == 1)
        {
            _onlyStream = request.Streams[0];
        }
        else
        {
            _manyStreams = new HashSet<string>(request.Streams, StringComparer.Ordinal);
        }

        _notBefore = start.NotBefore;
        _untilMs = request.UntilMs;
        _limited = request.Streams.Any(request.Caller.IsLimitedByWiki) ? request.Caller : null;
    }

    /// <summary>The streams wanted.</summary>
    public IReadOnlySet<string> Streams =>
        _manyStreams ?? new HashSet<string>(StringComparer.Ordinal) { _onlyStream! };

    public bool Wants(EventPage page, in PageEntry entry) =>
        (_manyStreams?.Contains(entry.Stream) ?? entry.Stream == _onlyStream)
        && (_untilMs is not { } until || entry.TimeMs < until)
        && (_notBefore is null || entry.Position >= _notBefore.GetValueOrDefault(entry.Stream))
        && (_limited is null || MayRead(_limited, page, entry));

    /// <summary>Whether any of the page's records at or after a position is wanted.</summary>
    public bool WantsAny(EventPage page, Rendition shown, long from)
    {
        for (var index = shown.IndexOf(from); index < shown.Entries.Length; index++)
        {
            if (Wants(page, shown.Entries[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The end of the page, or the position of the first record at or after a position that is too late for the
    /// request.
    /// </summary>
    public long EndOf(EventPage page, long from)
    {
        if (_untilMs is not { } until || page.TimeMsMax < until)
        {
            return page.Next;
        }

        foreach (ref readonly var entry in page.Plain.Entries.AsSpan())
        {
            if (entry.TimeMs >= until && entry.Position >= from)
            {
                return entry.Position;
            }
        }

        return page.Next;
    }

    private static bool MayRead(Caller caller, EventPage page, in PageEntry entry) =>
        !caller.IsLimitedByWiki(entry.Stream)
        || caller.MayReadRecord(entry.Stream, page.WikiOf(entry), ChannelParts.HostOf(page.ChannelOf(entry)));
}
