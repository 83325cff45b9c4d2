using System.Globalization;
using System.Text;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>Makes text fit for a header: a header's value is printable ASCII, and text may hold anything.</summary>
internal static class HeaderText
{
    /// <summary>
    /// Percent-encodes blanks, <c>%</c> and all bytes that are not printable ASCII, so that it can be decoded.
    /// </summary>
    public static string Encode(ReadOnlySpan<byte> utf8) => Encode(utf8, isUri: false);

    /// <summary>Percent-encodes what a URI cannot have. What is encoded already stays.</summary>
    public static string EncodeUri(string uri) => Encode(Encoding.UTF8.GetBytes(uri), isUri: true);

    private static string Encode(ReadOnlySpan<byte> utf8, bool isUri)
    {
        var text = new StringBuilder(utf8.Length);
        foreach (var letter in utf8)
        {
            if (letter is > (byte)' ' and <= (byte)'~' && (isUri || letter != (byte)'%'))
            {
                text.Append((char)letter);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
            }
        }

        return text.ToString();
    }
}
