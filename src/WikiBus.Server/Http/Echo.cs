using System.Globalization;

namespace WikiBus.Server.Http;

/// <summary>Repeats a client's text in an answer that refuses it, or in the logging.</summary>
internal static class Echo
{
    /// <summary>Most characters of a text that are repeated.</summary>
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

    /// <summary>
    /// The same for a log message: characters that could forge a line, or turn its direction, become U+FFFD.
    /// </summary>
    public static string OnOneLine(string text) => Printable(Of(text));

    /// <summary>The same for a text whose length is limited elsewhere.</summary>
    public static string Printable(string text)
    {
        var shown = text.ToCharArray();
        for (var index = 0; index < shown.Length; index++)
        {
            if (char.GetUnicodeCategory(shown[index]) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                shown[index] = '\ufffd';
            }
        }

        return new string(shown);
    }
}
