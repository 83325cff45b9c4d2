using System.Collections.Concurrent;
using WikiBus.Server.Streaming.Requests;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// A stretch of the log, formatted once for all connections. Safe for concurrent use.
/// </summary>
internal sealed class EventPage(long from, long next, Rendition plain, byte[] heads)
{
    /// <summary>Renditions kept beside the plain one. Views beyond are rendered for each connection anew.</summary>
    private const int RenditionsMax = 16;

    /// <summary>About what the page itself takes in memory.</summary>
    private const long PageBytes = 200;

    private readonly bool _hasCanary = Array.Exists(plain.Entries, static entry => entry.IsCanary);

    // Made on first use: most pages are only shown as they are.
    private ConcurrentDictionary<StreamView, Rendition>? _renditions;

    /// <summary>The position that the page begins at.</summary>
    public long From { get; } = from;

    /// <summary>The position after the page.</summary>
    public long Next { get; } = next;

    /// <summary>All records, whole.</summary>
    public Rendition Plain { get; } = plain;

    /// <summary>The latest time of append in the page, Unix ms; 0 when it holds no record.</summary>
    public long TimeMsMax { get; } = plain.Entries.Length == 0 ? 0 : plain.Entries.Max(static entry => entry.TimeMs);

    /// <summary>Channels and wikis of the records.</summary>
    public byte[] Heads { get; } = heads;

    /// <summary>Bytes that the page holds, without its renditions for views.</summary>
    public long Bytes => Plain.BytesInMemory + Heads.Length + PageBytes;

    /// <summary>The window that holds the page and counts its renditions; null: they are not kept.</summary>
    public HeadWindow? Window { get; set; }

    /// <summary>
    /// What a view shows of the page. Connections with equal views share the work while a window holds the page.
    /// </summary>
    public Rendition Show(StreamView view)
    {
        if (view.ShowsWhole(_hasCanary))
        {
            return Plain;
        }

        var renditions = LazyInitializer.EnsureInitialized(ref _renditions, static () => new());
        if (renditions.TryGetValue(view, out var rendition))
        {
            return rendition;
        }

        rendition = ViewRenderer.Render(this, view);
        if (renditions.Count < RenditionsMax && renditions.TryAdd(view, rendition)
            && Window?.TryGrow(this, OwnBytes(rendition)) != true)
        {
            renditions.TryRemove(view, out _);
        }

        return rendition;
    }

    // Views that only choose events show them in the bytes of the plain rendition.
    private long OwnBytes(Rendition rendition) =>
        rendition.BytesInMemory - (ReferenceEquals(rendition.Bytes, Plain.Bytes) ? Plain.Bytes.Length : 0);

    public ReadOnlySpan<byte> ChannelOf(in PageEntry entry) => Heads.AsSpan(entry.HeadStart, entry.ChannelLength);

    public ReadOnlySpan<byte> WikiOf(in PageEntry entry) =>
        Heads.AsSpan(entry.HeadStart + entry.ChannelLength, entry.WikiLength);
}
