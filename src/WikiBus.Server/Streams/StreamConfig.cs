using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace WikiBus.Server.Streams;

/// <summary>
/// The stream configuration as it was read once. Names come first, then patterns in their order. Immutable, and safe
/// for concurrent use.
/// </summary>
internal sealed class StreamConfig
{
    /// <summary>Most names for which the result of the patterns is kept.</summary>
    private const int RememberedCountMax = 10_000;

    private readonly Dictionary<string, StreamSetting> _byName;
    private readonly StreamPatternSetting[] _patterns;
    private readonly Dictionary<string, string> _nameByAlias;
    private readonly ConcurrentDictionary<string, StreamSetting?> _found = new(StringComparer.Ordinal);

    public StreamConfig(IEnumerable<StreamSetting> settings, IEnumerable<StreamPatternSetting> patterns)
    {
        _byName = settings.ToDictionary(static setting => setting.Name, StringComparer.Ordinal);
        _patterns = [.. patterns];
        _nameByAlias = new Dictionary<string, string>(StringComparer.Ordinal);
        var aliases = _byName.Values.SelectMany(static setting => setting.Aliases, ValueTuple.Create);
        foreach (var (setting, alias) in aliases)
        {
            // A name is never an alias. The first of two streams with the same alias gets it.
            if (!_byName.ContainsKey(alias))
            {
                _nameByAlias.TryAdd(alias, setting.Name);
            }
        }
    }

    /// <summary>The names of the streams, without the patterns.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Maps aliases to names.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _nameByAlias;

    /// <summary>
    /// The setting of this name, or else of the first pattern that matches it; null when there is none.
    /// </summary>
    public StreamSetting? Find(string stream)
    {
        if (_byName.TryGetValue(stream, out var setting))
        {
            return setting;
        }

        if (_patterns.Length == 0)
        {
            return null;
        }

        if (!_found.TryGetValue(stream, out setting))
        {
            setting = _patterns.FirstOrDefault(pattern => pattern.Matches(stream))?.Setting;
            if (_found.Count < RememberedCountMax)
            {
                _found[stream] = setting;
            }
        }

        return setting;
    }

    /// <summary>
    /// The configuration as JSON, from name (or pattern) to members: of all, or of the known ones among these names.
    /// </summary>
    public JsonObject ToJson(IEnumerable<string>? names)
    {
        var json = new JsonObject();
        var all = _byName.Values.Concat(_patterns.Select(static pattern => pattern.Setting));
        foreach (var name in names ?? all.Select(static setting => setting.Name))
        {
            var setting = Find(name) ?? _patterns.FirstOrDefault(pattern => pattern.Setting.Name == name)?.Setting;
            if (setting is not null && !json.ContainsKey(name))
            {
                json[name] = setting.ToJson(name);
            }
        }

        return json;
    }
}

/// <summary>A setting for all streams whose names match a pattern.</summary>
/// <param name="Matches">True for a name that matches; no name can make it slow.</param>
/// <param name="Setting">What the configuration says about these streams.</param>
internal sealed record StreamPatternSetting(Predicate<string> Matches, StreamSetting Setting);
