namespace WikiBus.Schemas.Sources;

/// <summary>Schemas on a server, under a base URL.</summary>
internal sealed class UrlSource(string baseUrl, UrlFetcher fetcher) : ISchemaSource
{
    private readonly string _base = baseUrl.TrimEnd('/');

    public ValueTask<SourceReading> ReadAsync(string path, bool isRefresh, CancellationToken cancellationToken) =>
        fetcher.ReadAsync(new Uri(_base + path), isRefresh, cancellationToken);
}
