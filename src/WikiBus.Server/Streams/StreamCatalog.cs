using System.Text;
using System.Text.Json;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Streams;

/// <summary>
/// The streams and their settings: the configured streams, or else the built-in ones, and all streams with records in
/// the log. The configuration may be replaced at any time. Safe for concurrent use.
/// </summary>
internal sealed class StreamCatalog
{
    private readonly EventLog _log;
    private readonly int _countMax;
    private volatile StreamConfig _config;

    public StreamCatalog(StreamConfig config, StreamsOptions options, EventLog log)
    {
        _config = config;
        _countMax = options.CountMax;
        _log = log;
        RestrictsStreams = options.Source.Length > 0;
    }

    /// <summary>True: only streams that the configuration names or matches are accepted.</summary>
    public bool RestrictsStreams { get; }

    /// <summary>The names of all configured streams and of those in the log, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names =>
        [.. _config.Names.Union(_log.StreamNames).Order(StringComparer.Ordinal)];

    /// <summary>Maps the aliases under which EventStreams serves streams to the streams' names.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _config.Aliases;

    /// <summary>The name of the stream that a name or an alias means.</summary>
    public string Resolve(string nameOrAlias) => _config.Aliases.GetValueOrDefault(nameOrAlias, nameOrAlias);

    /// <summary>A stream's name as a string, without a new one for each event.</summary>
    /// <param name="name">A valid name.</param>
    public string NameOf(ReadOnlySpan<byte> name) => _log.FindStreamName(name) ?? Encoding.ASCII.GetString(name);

    /// <summary>True if the stream is configured (by name or pattern) or has records in the log.</summary>
    public bool IsKnown(string stream) => _config.Find(stream) is not null || _log.HasStream(stream);

    /// <summary>
    /// The setting of this name, or else of the first pattern that matches it; null when there is none.
    /// </summary>
    public StreamSetting? Find(string stream) => _config.Find(stream);

    /// <summary>
    /// Whether a stream that the log does not have yet may be added beside others. Requests at the same moment do not
    /// see each other's new streams: then the log refuses one of them.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="added">New streams that come before it in the same request.</param>
    public bool HasRoomFor(string stream, IReadOnlySet<string> added) =>
        added.Contains(stream) || _log.StreamCount + added.Count < _countMax;

    /// <summary>True if the log has, or once had, a record of the stream.</summary>
    public bool HasRecords(string stream) => _log.HasStream(stream);

    /// <summary>
    /// The configuration as JSON, from name to members: of all streams, or of the known ones among these names.
    /// </summary>
    public ReadOnlyMemory<byte> ConfigJson(IEnumerable<string>? names) =>
        JsonSerializer.SerializeToUtf8Bytes(_config.ToJson(names), JsonOutput.Serializer);

    /// <summary>Replaces the configuration.</summary>
    public void Replace(StreamConfig config) => _config = config;
}
