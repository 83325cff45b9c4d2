namespace WikiBus.Server.Filters;

/// <summary>A URI as <see cref="UriTable{T}"/> looks for it: in lower case, with its host and with <c>*</c>.</summary>
internal readonly record struct UriKey(string Text, int PathStart, string AnyHostText, int AnyHostPathStart)
{
    /// <param name="uri">A channel or resource, UTF-8.</param>
    /// <param name="hasScheme">Does the scheme count?</param>
    /// <param name="key">Its key.</param>
    public static bool TryRead(ReadOnlySpan<byte> uri, bool hasScheme, out UriKey key)
    {
        key = default;
        if (!ChannelParts.TryRead(uri, out var parts))
        {
            return false;
        }

        var scheme = hasScheme ? Lower(uri[parts.Scheme]) : "";
        var host = Lower(uri[parts.Host]);
        var path = Lower(uri[parts.Path]);
        key = new UriKey(
            $"{scheme}//{host}{path}", scheme.Length + 2 + host.Length, $"{scheme}//*{path}", scheme.Length + 3);
        return true;
    }

    /// <summary>ASCII letters in lower case, and each other byte as the character of its number.</summary>
    public static string Lower(ReadOnlySpan<byte> utf8) => string.Create(utf8.Length, utf8, static (text, bytes) =>
    {
        for (var index = 0; index < bytes.Length; index++)
        {
            text[index] = (char)(bytes[index] is >= (byte)'A' and <= (byte)'Z' ? bytes[index] | 0x20 : bytes[index]);
        }
    });
}
