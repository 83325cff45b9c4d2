namespace WikiBus.Server.Http;

/// <summary>Repeats a client's text in an answer that refuses it.</summary>
internal static class Echo
{
    /// <summary>Most characters of a text that an answer repeats.</summary>
    public const int LengthMax = 200;

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Of(string text)
    {
        if (text.Length <= LengthMax)
        {
            return text;
        }

        // Half a surrogate pair is not text.
        var length = char.IsHighSurrogate(text[LengthMax - 1]) ? LengthMax - 1 : LengthMax;
        return text[..length] + "…";
    }
}
