using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// The newest stretch of the log as pages without a hole between them, which connections at the head read. Limited by
/// bytes, renditions for views included; the oldest pages go first. One caller extends it, any number read it.
/// </summary>
internal sealed class HeadWindow(long bytesMax, long start)
{
    private readonly Lock _lock = new();
    private readonly List<EventPage> _pages = [];

    // Bytes of renditions, of the pages that have some.
    private readonly Dictionary<EventPage, long> _grownBy = new(ReferenceEqualityComparer.Instance);

    // Pages before this index have gone. The list is cut when they are half of it, so that dropping one is cheap.
    private int _first;
    private long _bytes;
    private long _from = start;
    private long _end = start;

    /// <summary>The position after the newest page. Published after the page itself.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Bytes held.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// The page that holds a position. Null when the window does not cover it; then <paramref name="isAhead"/> says
    /// whether it is at or beyond the end.
    /// </summary>
    public EventPage? Find(long position, out bool isAhead)
    {
        lock (_lock)
        {
            isAhead = position >= _end;
            return isAhead || position < _from ? null : _pages[IndexOf(position)];
        }
    }

    /// <summary>Adds the page that follows.</summary>
    public void Add(EventPage page)
    {
        lock (_lock)
        {
            Debug.Assert(page.From == _end, "There is no hole between pages.");
            page.Window = this;
            _pages.Add(page);
            _bytes += page.Bytes;
            _end = page.Next;
            while (_bytes > bytesMax && _pages.Count - _first > 1)
            {
                DropFirst();
            }
        }
    }

    /// <summary>
    /// Counts a rendition that a page is to keep; older pages make room for it. False if it must not be kept: the page
    /// has gone, or the rendition does not fit beside it.
    /// </summary>
    public bool TryGrow(EventPage page, long bytes)
    {
        lock (_lock)
        {
            if (page.From < _from || page.From >= _end || _pages[IndexOf(page.From)] != page)
            {
                return false;
            }

            var older = 0;
            for (var missing = _bytes + bytes - bytesMax; missing > 0; older++)
            {
                if (_pages[_first + older] == page)
                {
                    return false;
                }

                missing -= BytesOf(_pages[_first + older]);
            }

            for (; older > 0; older--)
            {
                DropFirst();
            }

            _grownBy[page] = _grownBy.GetValueOrDefault(page) + bytes;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Drops everything and continues at a position that no connection waits for.</summary>
    public void Restart(long position)
    {
        lock (_lock)
        {
            _pages.Clear();
            _grownBy.Clear();
            _first = 0;
            _bytes = 0;
            _from = position;
            _end = position;
        }
    }

    private void DropFirst()
    {
        var page = _pages[_first];
        _pages[_first++] = null!;
        _bytes -= BytesOf(page);
        _grownBy.Remove(page);
        _from = page.Next;
        if (_first > _pages.Count / 2)
        {
            _pages.RemoveRange(0, _first);
            _first = 0;
        }
    }

    private long BytesOf(EventPage page) => page.Bytes + _grownBy.GetValueOrDefault(page);

    // The last page that begins at or before the position.
    private int IndexOf(long position)
    {
        var pages = CollectionsMarshal.AsSpan(_pages)[_first..];
        var index = ~pages.BinarySearch(new FirstBehind(position)) - 1;
        Debug.Assert(index >= 0, "The window covers the position.");
        return _first + index;
    }

    // Never equal, so that the search ends before the first page that begins behind the position.
    private readonly struct FirstBehind(long position) : IComparable<EventPage>
    {
        public int CompareTo(EventPage? other) => position < other!.From ? -1 : 1;
    }
}
