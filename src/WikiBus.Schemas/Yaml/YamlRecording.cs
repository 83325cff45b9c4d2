using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WikiBus.Schemas.Yaml;

/// <summary>
/// The events of one document in a list, so that an alias can be played from the place of its anchor. Anchors are bound while the list is
/// made, in reading order: an anchor may be given again, and an alias means the last one before it.
/// </summary>
internal sealed class YamlRecording
{
    private readonly List<ParsingEvent> _events = [];
    private readonly Dictionary<int, int> _aliasTargets = [];
    private readonly Dictionary<AnchorName, int> _anchors = [];

    /// <summary>Events; 0 for a text without a document.</summary>
    public int Count => _events.Count;

    public ParsingEvent this[int index] => _events[index];

    /// <summary>Where the events of the value begin that the alias at an index stands for.</summary>
    public int AliasTarget(int index) => _aliasTargets[index];

    /// <exception cref="YamlException">The text is no YAML, or more than it may be.</exception>
    public static YamlRecording Read(string yaml, int nodeCountMax)
    {
        var recording = new YamlRecording();
        var parser = new Parser(new StringReader(yaml));
        var documentCount = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            if (current is DocumentStart && ++documentCount > 1)
                throw YamlConverter.Fault(current, "more than one document");
            if (current is not NodeEvent and not AnchorAlias and not SequenceEnd and not MappingEnd)
                continue;
            // A value has at most two events, its start and its end.
            if (recording._events.Count >= 2 * nodeCountMax)
                throw YamlConverter.Fault(current, string.Create(CultureInfo.InvariantCulture, $"more than {nodeCountMax} values"));
            recording.Add(current);
        }
        return recording;
    }

    private void Add(ParsingEvent current)
    {
        if (current is AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var target))
                throw YamlConverter.Fault(current, $"the alias *{alias.Value} has no anchor before it");
            _aliasTargets[_events.Count] = target;
        }
        else if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor] = _events.Count;
        }
        if (current is SequenceStart or MappingStart)
            RequireKnownTag((NodeEvent)current);
        _events.Add(current);
    }

    private static void RequireKnownTag(NodeEvent container)
    {
        var known = container is SequenceStart ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map";
        if (!container.Tag.IsEmpty && !container.Tag.IsNonSpecific && container.Tag.Value != known)
            throw YamlConverter.Fault(container, $"the tag {container.Tag.Value} is not supported");
    }
}
