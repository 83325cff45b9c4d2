using System.Buffers;

namespace WikiBus.Events;

/// <summary>
/// Computes what a record's header says about a MediaWiki event: whose it is, what order is kept for it, how it is
/// addressed. Nothing is allocated; all members are safe for concurrent use.
/// </summary>
public static class EventHeader
{
    /// <summary>The longest wiki, in bytes; a longer one is cut at a character.</summary>
    public const int WikiBytesMax = 255;

    /// <summary>The longest resource, in bytes; an event with a longer <c>meta.uri</c> has none.</summary>
    public const int ResourceBytesMax = 8192;

    /// <summary>The longest key, in bytes; <c>sha256:</c> and the hash of a longer one stand for it.</summary>
    public const int KeyBytesMax = 8192;

    /// <summary>The longest channel, in bytes. A domain and a stream's name never make a longer one.</summary>
    public const int ChannelBytesMax = 1024;

    /// <summary>
    /// The wiki: <c>database</c>, <c>wiki_id</c> or <c>wiki</c>, else the domain; a slice of the fields, empty when
    /// all are.
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
    /// The resource: <c>meta.uri</c> if that is absolute (begins with a scheme), else empty; a slice of the fields.
    /// </summary>
    public static ReadOnlySpan<byte> Resource(in EventFields fields) =>
        fields.Uri.Length <= ResourceBytesMax && UrlParts.SchemeLength(fields.Uri) > 0 ? fields.Uri : default;

    /// <summary>Appends the key, which may be empty: what order is kept for.</summary>
    /// <returns>How many bytes were written, at most <see cref="KeyBytesMax"/>.</returns>
    public static int WriteKey(in EventFields fields, IBufferWriter<byte> output) => EventKey.Write(fields, output);

    /// <summary>
    /// Appends the channel: <c>event://{domain in lower case, "unknown" if it is no valid host}/{stream with "/" for
    /// each "."}</c>, empty parts dropped.
    /// </summary>
    /// <returns>How many bytes were written, at most <see cref="ChannelBytesMax"/>.</returns>
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
