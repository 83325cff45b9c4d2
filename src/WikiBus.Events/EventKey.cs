using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Events;

/// <summary>
/// Writes the key of a MediaWiki event. The first rule that applies decides:
/// <list type="number">
/// <item>A job: empty, since jobs may run in any order.</item>
/// <item>A purge (a resource change): host, port, path and query of its URL, so that http and https have the same
/// key.</item>
/// <item>A recent change: wiki and title, since it carries no page id.</item>
/// <item>An event with a page id and a database or wiki id: those two.</item>
/// <item>An event with a user: wiki and user.</item>
/// <item>Any other: wiki and stream.</item>
/// </list>
/// </summary>
internal static class EventKey
{
    public static int Write(in EventFields fields, IBufferWriter<byte> output)
    {
        if (fields.Stream.StartsWith("mediawiki.job."u8))
        {
            return 0;
        }

        if (IsPurge(fields) && UrlParts.TryRead(fields.Uri, out var url))
        {
            return WriteUrl(url, output);
        }

        var wiki = EventHeader.Wiki(fields);
        if (IsRecentChange(fields) && !fields.Title.IsEmpty)
        {
            return WritePair(wiki, fields.Title, output);
        }

        var database = !fields.Database.IsEmpty ? fields.Database : fields.WikiId;
        if (!fields.PageId.IsEmpty && !database.IsEmpty)
        {
            return WritePair(wiki, fields.PageId, output);
        }

        return WritePair(wiki, fields.UserText.IsEmpty ? fields.Stream : fields.UserText, output);
    }

    // A wiki configures the stream of its purges, but not their schema.
    private static bool IsPurge(in EventFields fields) =>
        fields.Schema.StartsWith("/resource_change/"u8)
        || fields.Stream.SequenceEqual("resource-purge"u8);

    private static bool IsRecentChange(in EventFields fields) =>
        fields.Schema.StartsWith("/mediawiki/recentchange/"u8)
        || fields.Stream.SequenceEqual("mediawiki.recentchange"u8);

    private static int WriteUrl(in UrlParts url, IBufferWriter<byte> output)
    {
        // One byte for the colon, and one for "/", which replaces an empty path.
        var lengthMax = url.Host.Length + 1 + url.Port.Length + 1 + url.PathAndQuery.Length;
        var key = output.GetSpan(lengthMax);
        Ascii.ToLower(url.Host, key, out var length);
        if (length < url.Host.Length)
        {
            // The conversion stopped at a character that is not ASCII. Such a host stays unchanged.
            url.Host.CopyTo(key);
            length = url.Host.Length;
        }

        if (!url.Port.IsEmpty)
        {
            key[length++] = (byte)':';
            url.Port.CopyTo(key[length..]);
            length += url.Port.Length;
        }

        if (url.PathAndQuery.IsEmpty || url.PathAndQuery[0] != '/')
        {
            key[length++] = (byte)'/';
        }

        url.PathAndQuery.CopyTo(key[length..]);
        return Finish(key, length + url.PathAndQuery.Length, output);
    }

    private static int WritePair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, IBufferWriter<byte> output)
    {
        var length = first.Length + 1 + second.Length;
        var key = output.GetSpan(length);
        first.CopyTo(key);
        key[first.Length] = (byte)':';
        second.CopyTo(key[(first.Length + 1)..]);
        return Finish(key, length, output);
    }

    // Equal keys have equal hashes, so a hash keeps the order, too.
    private static int Finish(Span<byte> key, int length, IBufferWriter<byte> output)
    {
        if (length > EventHeader.KeyBytesMax)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(key[..length], hash);
            "sha256:"u8.CopyTo(key);
            length = "sha256:"u8.Length;
            Convert.TryToHexStringLower(hash, key[length..], out var hexLength);
            length += hexLength;
        }

        output.Advance(length);
        return length;
    }
}
