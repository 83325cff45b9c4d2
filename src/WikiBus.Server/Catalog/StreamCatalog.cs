using System.Text.Json;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Catalog;

/// <summary>
/// Which streams there are and what is said about them: the configured ones, else the built-in ones, and all that
/// have records in the log. The configuration may be replaced at any time. Safe for concurrent use.
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

    /// <summary>Are only the streams that the configuration names (or matches) taken?</summary>
    public bool RestrictsStreams { get; }

    /// <summary>The streams that are known by name, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names =>
        [.. _config.Names.Union(_log.StreamNames).Order(StringComparer.Ordinal)];

    /// <summary>Names that EventStreams serves streams under, to the streams' names.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _config.Aliases;

    /// <summary>The stream that a name or an alias means.</summary>
    public string Resolve(string nameOrAlias) => _config.Aliases.GetValueOrDefault(nameOrAlias, nameOrAlias);

    /// <summary>Is the stream configured (by name or pattern) or has it records in the log?</summary>
    public bool IsKnown(string stream) => _config.Find(stream) is not null || _log.HasStream(stream);

    /// <summary>
    /// What is said about the stream: by its name, else by the first pattern that matches; null when nothing is.
    /// </summary>
    public StreamSetting? Find(string stream) => _config.Find(stream);

    /// <summary>
    /// May the stream get a record: is it there already, or are there fewer than <c>Streams:CountMax</c>? Streams
    /// that come at the same moment may exceed the limit by as many.
    /// </summary>
    public bool HasRoomFor(string stream) => _log.HasStream(stream) || _log.StreamCount < _countMax;

    /// <summary>
    /// The configuration as JSON, name to members: of all, or of those asked for, unknown ones left out.
    /// </summary>
    public ReadOnlyMemory<byte> ConfigJson(IEnumerable<string>? names) =>
        JsonSerializer.SerializeToUtf8Bytes(_config.ToJson(names), JsonOutput.Serializer);

    /// <summary>Puts another configuration in the place of the present one.</summary>
    public void Replace(StreamConfig config) => _config = config;
}
