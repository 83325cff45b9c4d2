using System.Net;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// Fetches texts by HTTP within limits of size, time and number. It keeps the last good copy of each text on disk: the
/// bus works, and restarts, while a server of schemas is down. It follows no redirects, since a server could redirect
/// to any place.
/// </summary>
internal sealed class UrlFetcher : IDisposable
{
    /// <summary>Most concurrent fetches.</summary>
    private const int FetchesMax = 8;

    private readonly HttpClient _client;
    private readonly SemaphoreSlim _slots = new(FetchesMax);
    private readonly int _bytesMax;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly CopyFolder? _copies;

    /// <summary>Makes a fetcher.</summary>
    /// <param name="copyFolder">Where the copies are kept; null for no copies.</param>
    /// <param name="bytesMax">Most bytes of one text.</param>
    /// <param name="timeout">Most time of one fetch.</param>
    /// <param name="time">Measures it.</param>
    public UrlFetcher(string? copyFolder, int bytesMax, TimeSpan timeout, TimeProvider time)
    {
        _bytesMax = bytesMax;
        _timeout = timeout;
        _time = time;
        _copies = copyFolder is null ? null : new CopyFolder(copyFolder);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders =
            {
                { "User-Agent", "WikiBus" },
                { "Accept", "application/json, application/yaml, */*;q=0.5" },
            },
        };
    }

    /// <summary>
    /// Reads a text. Without <paramref name="isRefresh"/> a copy is enough: the periodic refresh fetches the text
    /// again. With it, a copy is returned only when the server fails.
    /// </summary>
    public async ValueTask<SourceReading> ReadAsync(Uri uri, bool isRefresh, CancellationToken cancellationToken)
    {
        if (!isRefresh && _copies?.Find(uri) is { } copy)
        {
            return SourceReading.Found(copy);
        }

        var fetched = await FetchAsync(uri, cancellationToken).ConfigureAwait(false);
        if (fetched.Text is { } text)
        {
            _copies?.Save(uri, text.Span);
        }

        if (fetched.Failure is not null && _copies?.Find(uri) is { } lastGood)
        {
            return SourceReading.Found(lastGood);
        }

        return fetched;
    }

    public void Dispose()
    {
        _client.Dispose();
        _slots.Dispose();
    }

    private async ValueTask<SourceReading> FetchAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _slots.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                return await GetAsync(uri, either.Token).ConfigureAwait(false);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SourceReading.Failed($"{uri} did not answer within {_timeout}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return SourceReading.Failed($"{uri}: {exception.Message}");
        }
    }

    private async ValueTask<SourceReading> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return SourceReading.Missing;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return SourceReading.Failed($"{uri} answered {(int)response.StatusCode}");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var announced = response.Content.Headers.ContentLength ?? _bytesMax;
            var text = new byte[Math.Min(_bytesMax, announced) + 1];
            var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return length > _bytesMax
                ? SourceReading.Failed($"{uri} has more than {_bytesMax} bytes")
                : SourceReading.Found(text.AsMemory(0, length));
        }
    }
}
