using System.Text;
using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas.Loading;

/// <summary>
/// Finds a document in the sources, in their order: at the URI itself, else with an extension. Keeps nothing between
/// readings.
/// </summary>
internal sealed class DocumentReader(
    IReadOnlyList<ISchemaSource> sources, UrlFetcher fetcher, IReadOnlyList<string> allowedAbsoluteUris)
{
    private static readonly string[] s_extensions = ["", ".yaml", ".json", ".yml"];

    /// <summary>Most bytes of a link that is kept as text.</summary>
    private const int LinkBytesMax = 100;

    /// <summary>
    /// Reads the document at a path (<see cref="RepositoryUri.IsPath"/>) or at an absolute URI that is allowed by name.
    /// </summary>
    public async ValueTask<DocumentReading> ReadAsync(string uri, bool isRefresh, CancellationToken cancellationToken)
    {
        if (RepositoryUri.IsAbsolute(uri))
        {
            return await ReadAbsoluteAsync(uri, isRefresh, cancellationToken).ConfigureAwait(false);
        }

        if (!RepositoryUri.IsPath(uri))
        {
            return default;
        }

        string? failure = null;
        foreach (var source in sources)
        {
            var reading = await ReadFromAsync(source, uri, isRefresh, cancellationToken).ConfigureAwait(false);
            if (reading.Text is { } text)
            {
                return Understand(uri, text);
            }

            failure ??= reading.Failure;
        }
        return new DocumentReading(null, failure);
    }

    private async ValueTask<DocumentReading> ReadAbsoluteAsync(
        string uri, bool isRefresh, CancellationToken cancellationToken)
    {
        if (!allowedAbsoluteUris.Contains(uri, StringComparer.Ordinal)
            || !Uri.TryCreate(uri, UriKind.Absolute, out var url))
        {
            return default;
        }

        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            return new DocumentReading(null, $"{uri} is neither http nor https");
        }

        var reading = await fetcher.ReadAsync(url, isRefresh, cancellationToken).ConfigureAwait(false);
        return reading.Text is { } text ? Understand(uri, text) : new DocumentReading(null, reading.Failure);
    }

    private static async ValueTask<SourceReading> ReadFromAsync(
        ISchemaSource source, string uri, bool isRefresh, CancellationToken cancellationToken)
    {
        foreach (var extension in s_extensions)
        {
            var reading = await source.ReadAsync(uri + extension, isRefresh, cancellationToken).ConfigureAwait(false);
            if (reading.Failure is not null)
            {
                return reading;
            }

            if (reading.Text is not { } text)
            {
                continue;
            }

            if (FindLink(uri, text.Span) is not { } target)
            {
                return reading;
            }

            var linked = await source.ReadAsync(target, isRefresh, cancellationToken).ConfigureAwait(false);
            return linked.Text is null && linked.Failure is null ? reading : linked;
        }
        return SourceReading.Missing;
    }

    /// <summary>
    /// The target of a symbolic link that git checked out, or a server serves, as a text; null for any other text.
    /// Repositories of schemas keep <c>1.0.0</c> as a link to <c>1.0.0.yaml</c> beside it.
    /// </summary>
    private static string? FindLink(string uri, ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > LinkBytesMax || text.ContainsAny("/ {\n"u8))
        {
            return null;
        }

        var target = uri[..(uri.LastIndexOf('/') + 1)] + Encoding.UTF8.GetString(text);
        return RepositoryUri.IsPath(target) ? target : null;
    }

    private static DocumentReading Understand(string uri, ReadOnlyMemory<byte> text) =>
        SchemaTextReader.TryRead(text, out var schema, out var fault)
            ? new(schema, null)
            : new(null, $"{uri}: {fault}");
}

/// <summary>What the sources hold at a URI.</summary>
/// <param name="Document">The document; null when there is no usable one.</param>
/// <param name="Failure">Why it could not be read, for the operator; null when no source has it.</param>
internal readonly record struct DocumentReading(SchemaText? Document, string? Failure);
