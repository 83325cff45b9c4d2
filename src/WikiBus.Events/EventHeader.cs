using System.Buffers;

namespace WikiBus.Events;

/// <summary>
/// Computes the header of a MediaWiki event's record: its wiki, resource, key and channel. Allocates nothing. All
/// members are safe for concurrent use.
/// </summary>
public static class EventHeader
{
    /// <summary>The longest wiki, in bytes; a longer one is cut at a character.</summary>
    public const int WikiBytesMax = 255;

    /// <summary>The longest resource, in bytes; an event with a longer <c>meta.uri</c> has none.</summary>
    public const int ResourceBytesMax = 8192;

    /// <summary>The longest key, in bytes; a longer one becomes <c>sha256:</c> and its hash.</summary>
    public const int KeyBytesMax = 8192;

    /// <summary>The longest channel, in bytes: that of the longest domain and the longest stream name.</summary>
    public const int ChannelBytesMax = 1024;

    /// <summary>
    /// The wiki: <c>database</c>, <c>wiki_id</c> or <c>wiki</c>, else the domain. It is a slice of the fields, and
    /// empty if all of them are.
    /// </summary>
    public static ReadOnlySpan<byte> Wiki(in EventFields fields)
    {
        var wiki = !fields.Database.IsEmpty ? fields.Database
            : !fields.WikiId.IsEmpty ? fields.WikiId
            : !fields.Wiki.IsEmpty ? fields.Wiki
            : fields.Domain;
        return CutAtCharacter(wiki, WikiBytesMax);
    }

    /// <summary>
    /// The resource: <c>meta.uri</c> if it is absolute (begins with a scheme), else empty. It is a slice of the fields.
    /// </summary>
    public static ReadOnlySpan<byte> Resource(in EventFields fields) =>
        fields.Uri.Length <= ResourceBytesMax && UrlParts.SchemeLength(fields.Uri) > 0 ? fields.Uri : default;

    /// <summary>Appends the key, which may be empty. The log keeps the order of events with the same key.</summary>
    /// <returns>The number of bytes written, at most <see cref="KeyBytesMax"/>.</returns>
    public static int WriteKey(in EventFields fields, IBufferWriter<byte> output) => EventKey.Write(fields, output);

    /// <summary>
    /// Appends the channel: <c>event://{domain in lower case, "unknown" if it is no valid host}/{stream with "/" for
    /// each "."}</c>, empty parts dropped.
    /// </summary>
    /// <returns>The number of bytes written, at most <see cref="ChannelBytesMax"/>.</returns>
    public static int WriteChannel(in EventFields fields, IBufferWriter<byte> output) =>
        EventChannel.Write(fields.Domain, fields.Stream, output);

    private static ReadOnlySpan<byte> CutAtCharacter(ReadOnlySpan<byte> text, int bytesMax)
    {
        if (text.Length <= bytesMax)
        {
            return text;
        }

        var length = bytesMax;
        while (length > 0 && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }
}
