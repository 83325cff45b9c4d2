using System.Buffers;
using WikiBus.Json;
using WikiBus.Server.Streaming.Requests;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>Renders a page for a view. One for each page: a tape is not safe for concurrent use.</summary>
internal sealed class ViewRenderer
{
    private readonly JsonTape _tape = new();
    private readonly ArrayBufferWriter<byte> _events = new();
    private readonly List<PageEntry> _entries = [];

    /// <summary>The records of the page that the view shows, as it shows them.</summary>
    public static Rendition Render(EventPage page, StreamView view) => new ViewRenderer().RenderPage(page, view);

    private Rendition RenderPage(EventPage page, StreamView view)
    {
        foreach (ref readonly var entry in page.Plain.Entries.AsSpan())
        {
            if ((view.KeepsCanary || !entry.IsCanary)
                && view.Channel?.Matches(page.ChannelOf(entry)) != false)
            {
                RenderEntry(page, entry, view);
            }
        }

        return new Rendition([.. _entries], view.Projection is null ? page.Plain.Bytes : _events.WrittenSpan.ToArray());
    }

    private void RenderEntry(EventPage page, in PageEntry entry, StreamView view)
    {
        if (!view.LooksInside)
        {
            _entries.Add(entry);
            return;
        }

        var bytes = page.Plain.Bytes;
        if (!_tape.TryParse(bytes.AsMemory(entry.Data), out _) || !view.Passes(_tape.Root))
        {
            return;
        }

        _entries.Add(view.Projection is null ? entry : Project(bytes, entry, view));
    }

    private PageEntry Project(byte[] bytes, in PageEntry entry, StreamView view)
    {
        var start = _events.WrittenCount;
        _events.Write(bytes.AsSpan(entry.Start..entry.DataStart));
        var dataStart = _events.WrittenCount;
        view.Projection!.Write(_tape.Root, _events);
        _events.Write("\n\n"u8);
        return entry with { Start = start, DataStart = dataStart, End = _events.WrittenCount };
    }
}
