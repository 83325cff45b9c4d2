namespace WikiBus.Server.Streaming.Pages;

/// <summary>The records of a page that a view shows, and the events that it shows them as. Immutable.</summary>
/// <param name="Entries">By position; places point into <paramref name="Bytes"/>.</param>
/// <param name="Bytes">The events, one after the other.</param>
internal sealed record Rendition(PageEntry[] Entries, byte[] Bytes)
{
    /// <summary>About the memory of an entry.</summary>
    private const long EntryBytes = 80;

    public long BytesInMemory => Bytes.Length + (Entries.Length * EntryBytes);

    /// <summary>Index of the first entry at or after a position.</summary>
    public int IndexOf(long position) => ~Entries.AsSpan().BinarySearch(new FirstFrom(position));

    // Never equal, so that the search ends before the first entry at or after the position.
    private readonly struct FirstFrom(long position) : IComparable<PageEntry>
    {
        public int CompareTo(PageEntry other) => position <= other.Position ? -1 : 1;
    }
}
