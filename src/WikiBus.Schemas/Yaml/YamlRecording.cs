using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WikiBus.Schemas.Yaml;

/// <summary>
/// The events of one document in a list, so that an alias can be read again at its anchor. An anchor may occur several
/// times; an alias means the last one before it.
/// </summary>
internal sealed class YamlRecording
{
    private readonly List<ParsingEvent> _events = [];
    private readonly Dictionary<int, int> _aliasTargets = [];
    private readonly Dictionary<AnchorName, int> _anchors = [];

    /// <summary>Events; 0 for a text without a document.</summary>
    public int Count => _events.Count;

    public ParsingEvent this[int index] => _events[index];

    /// <summary>The index of the first event of the value that an alias refers to.</summary>
    public int AliasTarget(int index) => _aliasTargets[index];

    /// <exception cref="YamlException">The text is not YAML, or exceeds a limit.</exception>
    public static YamlRecording Read(string yaml, int nodeCountMax, int nestingMax)
    {
        var recording = new YamlRecording();
        var parser = new Parser(new StringReader(yaml));
        var (documentCount, nesting) = (0, 0);
        while (MoveNext(parser))
        {
            var current = parser.Current!;
            nesting += current.NestingIncrease;
            // Checked here, since the library's scanner takes time by the square of the nesting.
            if (nesting > nestingMax + 2)
            {
                throw YamlConverter.Fault(current,
                    string.Create(CultureInfo.InvariantCulture, $"nested more than {nestingMax} deep"));
            }

            if (current is DocumentStart && ++documentCount > 1)
            {
                throw YamlConverter.Fault(current, "more than one document");
            }

            if (current is not NodeEvent and not AnchorAlias and not SequenceEnd and not MappingEnd)
            {
                continue;
            }
            // A value has at most two events, its start and its end.
            if (recording._events.Count >= 2 * nodeCountMax)
            {
                throw YamlConverter.Fault(current,
                    string.Create(CultureInfo.InvariantCulture, $"more than {nodeCountMax} values"));
            }

            recording.Add(current);
        }
        return recording;
    }

    /// <summary>
    /// For broken texts the library throws other exceptions than its own (InvalidOperation, ArgumentOutOfRange…).
    /// </summary>
    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception exception) when (exception is not YamlException and not OutOfMemoryException)
        {
            var place = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(place, place, "the text after this cannot be read as YAML", exception);
        }
    }

    private void Add(ParsingEvent current)
    {
        if (current is AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var target))
            {
                throw YamlConverter.Fault(current, $"the alias *{alias.Value} has no anchor before it");
            }

            _aliasTargets[_events.Count] = target;
        }
        else if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor] = _events.Count;
        }
        if (current is SequenceStart or MappingStart)
        {
            RequireKnownTag((NodeEvent)current);
        }

        _events.Add(current);
    }

    private static void RequireKnownTag(NodeEvent container)
    {
        var known = container is SequenceStart ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map";
        if (!container.Tag.IsEmpty && !container.Tag.IsNonSpecific && container.Tag.Value != known)
        {
            throw YamlConverter.Fault(container, $"the tag {container.Tag.Value} is not supported");
        }
    }
}
