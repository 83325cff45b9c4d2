using System.Net.Http.Headers;
using System.Text;

namespace WikiBus.Events.Deki.Dream;

/// <summary>A media type, and how Deki reads texts of it.</summary>
/// <param name="Text">The type as it was given.</param>
/// <param name="Name">The type without parameters, in lower case.</param>
/// <param name="Encoding">The encoding of its charset; without one, the default of the type.</param>
internal sealed record MediaType(string Text, string Name, Encoding Encoding)
{
    public bool IsText => Name.StartsWith("text/", StringComparison.Ordinal);

    public bool IsPlainText => Name == "text/plain";

    public bool IsForm => Name == "application/x-www-form-urlencoded";

    public bool IsXml =>
        Name.EndsWith("/xml", StringComparison.Ordinal) || Name.EndsWith("+xml", StringComparison.Ordinal);

    public static MediaType Parse(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (!MediaTypeHeaderValue.TryParse(text, out var header) || header.MediaType is null)
        {
            throw new ArgumentException($"{text} is not a media type.", parameter);
        }

        var name = header.MediaType.ToLowerInvariant();
        var charset = header.CharSet?.Trim('"')
            ?? (name.StartsWith("text/", StringComparison.Ordinal) ? "us-ascii" : "utf-8");
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
            return new MediaType(text, name, encoding);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"The charset {charset} is not known.", parameter, exception);
        }
    }

    /// <summary>Reads a text. A byte order mark is dropped, and says more than the charset.</summary>
    public string Read(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes.ToArray()), Encoding);
        return reader.ReadToEnd();
    }
}
