namespace WikiBus.Server.Catalog;

/// <summary>
/// Where the stream configuration comes from. What a URL gave is kept on disk, so that the bus starts while the wiki
/// is down. Not for concurrent use.
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

    /// <summary>The first reading; a URL that fails is replaced by what it gave last.</summary>
    /// <param name="warning">Why the last good reading had to do; null when it had not.</param>
    /// <exception cref="InvalidDataException">There is none, or it is none.</exception>
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

    /// <summary>Reads again; null when a file has not changed since it was read last.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or what it gave is no stream
    /// configuration.</exception>
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

    // Blocking: the first reading is a part of the start; the others take one thread for FetchTimeout at most.
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
            // What was read is good without a copy, too; the log says by itself when the disk is full.
        }
    }
}
