namespace WikiBus.Schemas.Formats;

/// <summary>JSON pointers (RFC 6901) and UUIDs (RFC 4122).</summary>
internal static class PointerFormats
{
    private const int UuidLength = 36;

    public static bool IsJsonPointer(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != (byte)'/')
        {
            return false;
        }

        while (text.IndexOf((byte)'~') is var tilde and >= 0)
        {
            if (tilde + 1 == text.Length || text[tilde + 1] is not ((byte)'0' or (byte)'1'))
            {
                return false;
            }

            text = text[(tilde + 2)..];
        }
        return true;
    }

    public static bool IsRelativeJsonPointer(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        var digits = reader.TakeDigits();
        if (digits == 0 || (digits > 1 && text[0] == (byte)'0'))
        {
            return false;
        }

        return reader.Rest.SequenceEqual("#"u8) || IsJsonPointer(reader.Rest);
    }

    /// <summary>May begin with <c>urn:uuid:</c>.</summary>
    public static bool IsLooseUuid(ReadOnlySpan<byte> text) =>
        IsUuid(text.Length > UuidLength && StartsWithUrn(text) ? text[9..] : text);

    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != UuidLength)
        {
            return false;
        }

        for (var i = 0; i < UuidLength; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != (byte)'-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool StartsWithUrn(ReadOnlySpan<byte> text)
    {
        var prefix = "urn:uuid:"u8;
        for (var i = 0; i < prefix.Length; i++)
        {
            if ((char.IsAsciiLetter((char)text[i]) ? text[i] | 0x20 : text[i]) != prefix[i])
            {
                return false;
            }
        }
        return true;
    }
}
