using System.Text;

namespace WikiBus.Events;

/// <summary>Encodes parts of URIs as forms do: a blank becomes <c>+</c>, hex digits are upper case.</summary>
internal static class PercentEncoding
{
    /// <summary>Encodes the text's UTF-8 bytes, but ASCII letters, digits and the characters to keep.</summary>
    public static string Encode(string text, string kept)
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var code in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)code;
            if (char.IsAsciiLetterOrDigit(letter) || kept.Contains(letter))
            {
                encoded.Append(letter);
            }
            else if (letter == ' ')
            {
                encoded.Append('+');
            }
            else
            {
                encoded.Append('%').Append(Convert.ToHexString([code]));
            }
        }

        return encoded.ToString();
    }
}
