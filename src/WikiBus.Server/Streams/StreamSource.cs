namespace WikiBus.Server.Streams;

/// <summary>
/// Reads the stream configuration from its file or URL. The last good text of a URL is kept on disk, so that the bus
/// can start while the wiki is down. Not safe for concurrent use.
/// </summary>
internal sealed class StreamSource : IDisposable
{
    private readonly StreamsOptions _options;
    private readonly string _lastGoodPath;
    private readonly HttpClient? _client;
    private (DateTime ModifiedAt, long Length) _lastSeen;

    public StreamSource(StreamsOptions options, string dataDirectory)
    {
        _options = options;
        _lastGoodPath = Path.Combine(dataDirectory, "streams.lastgood");
        _client = options.IsUrl
            ? new HttpClient { Timeout = options.FetchTimeout, MaxResponseContentBufferSize = options.ConfigBytesMax }
            : null;
    }

    /// <summary>Reads for the first time; falls back to the last good text when the URL fails.</summary>
    /// <param name="warning">Why the last good text is used; null when it is not.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or is no stream configuration.</exception>
    public StreamConfig ReadFirst(out string? warning)
    {
        warning = null;
        try
        {
            return Read()!;
        }
        catch (InvalidDataException exception) when (_options.IsUrl && File.Exists(_lastGoodPath))
        {
            warning = exception.Message;
            return StreamConfigReader.Read(File.ReadAllBytes(_lastGoodPath), _options.CountMax);
        }
    }

    /// <summary>Reads again; null when the file has not changed since the last read.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or is no stream configuration.</exception>
    public StreamConfig? Read()
    {
        try
        {
            return _client is null ? ReadFile() : ReadUrl(_client);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or HttpRequestException
            or OperationCanceledException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    public void Dispose() => _client?.Dispose();

    private StreamConfig? ReadFile()
    {
        var file = new FileInfo(_options.Source);
        var seen = (file.LastWriteTimeUtc, file.Length);
        if (seen == _lastSeen)
        {
            return null;
        }

        if (file.Length > _options.ConfigBytesMax)
        {
            throw new InvalidDataException($"it is larger than {_options.ConfigBytesMax} bytes");
        }

        _lastSeen = seen;
        return StreamConfigReader.Read(File.ReadAllBytes(_options.Source), _options.CountMax);
    }

    // This blocks: the first read is part of the start. Later ones block one pool thread for FetchTimeout at most.
    private StreamConfig ReadUrl(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _options.Source);
        using var response = client.Send(request);
        response.EnsureSuccessStatusCode();
        using var body = new MemoryStream();
        response.Content.CopyTo(body, context: null, CancellationToken.None);
        var config = StreamConfigReader.Read(body.GetBuffer().AsSpan(0, (int)body.Length), _options.CountMax);
        KeepLastGood(body.ToArray());
        return config;
    }

    private void KeepLastGood(byte[] text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_lastGoodPath))!);
            var temporary = _lastGoodPath + ".new";
            File.WriteAllBytes(temporary, text);
            File.Move(temporary, _lastGoodPath, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The configuration is in use without a copy, too. The log reports a full disk by itself.
        }
    }
}
