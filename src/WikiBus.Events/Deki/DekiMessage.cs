using System.Buffers;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>A message that a client of the wiki sends about a page, as it arrives in the request.</summary>
public sealed record DekiMessage
{
    /// <summary>The longest body that Deki's API accepts, in bytes.</summary>
    public const int BodyBytesMax = 128 * 1024;

    private static readonly SearchValues<char> s_segmentCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:@");

    /// <summary>
    /// The segments after <c>message/</c> in the request's path, still encoded. They are the end of the channel. There
    /// is at least one.
    /// </summary>
    public required IReadOnlyList<string> Path { get; init => field = Segments(value); }

    /// <summary>
    /// The request's content type: <c>text/plain</c>, <c>application/x-www-form-urlencoded</c>, or one of XML. HTML is
    /// refused.
    /// </summary>
    public required string ContentType { get; init => field = Supported(value); }

    /// <summary>
    /// The request's body, up to <see cref="BodyBytesMax"/>. Without a charset, <c>text/…</c> is read as ASCII, all
    /// else as UTF-8. XML has no document type, and at most 256 elements within each other, which have at most 256
    /// attributes together.
    /// </summary>
    public required ReadOnlyMemory<byte> Body { get; init => field = Bounded(value); }

    internal string ReadBody(string name)
    {
        try
        {
            return MessageBody.Read(MediaType.Parse(ContentType, nameof(ContentType)), Body);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException(exception.Message, name, exception);
        }
    }

    private static IReadOnlyList<string> Segments(IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(path, nameof(Path));
        if (path.Count == 0 || path.Any(segment =>
            string.IsNullOrEmpty(segment) || segment.AsSpan().ContainsAnyExcept(s_segmentCharacters)))
        {
            throw new ArgumentException("A message has a path, which consists of encoded segments.", nameof(Path));
        }

        return [.. path];
    }

    private static ReadOnlyMemory<byte> Bounded(ReadOnlyMemory<byte> body) => body.Length <= BodyBytesMax
        ? body
        : throw new ArgumentException($"The body has more than {BodyBytesMax} bytes.", nameof(Body));

    private static string Supported(string contentType)
    {
        var type = MediaType.Parse(contentType, nameof(ContentType));
        return type.IsPlainText || type.IsForm || type.IsXml
            ? contentType
            : throw new ArgumentException(
                $"A body of the type {contentType} is neither plain text nor a form nor XML.", nameof(ContentType));
    }
}
