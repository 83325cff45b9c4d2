using WikiBus.Json;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>
/// Finds the live lanes that want a record. Equal rules are evaluated once, and only those that want the record's
/// stream. Used by one loop.
/// </summary>
internal sealed class RuleIndex
{
    private readonly List<RuleGroup> _groups;
    private readonly Dictionary<string, List<RuleGroup>> _groupsOfStreams = new(StringComparer.Ordinal);
    private readonly JsonTape _tape = new();

    public RuleIndex(IEnumerable<Lane> lanes)
    {
        var groups = new Dictionary<string, RuleGroup>(StringComparer.Ordinal);
        foreach (var lane in lanes)
        {
            foreach (var rules in lane.Subscription.Plan.Rules)
            {
                if (!groups.TryGetValue(rules.Text, out var group))
                {
                    groups.Add(rules.Text, group = new RuleGroup(rules, []));
                }

                group.Lanes.Add(lane);
            }
        }

        _groups = [.. groups.Values];
    }

    /// <summary>How many rules with filters were evaluated.</summary>
    public long EvaluatedCount { get; private set; }

    /// <summary>Adds the lanes that want a record; those that are not attached do not count.</summary>
    public void Find(in LogRecord record, HashSet<Lane> found)
    {
        var match = new RecordMatch(record, _tape);
        foreach (var group in GroupsOf(record.Stream))
        {
            if (group.Lanes.Exists(static lane => lane.IsAttached) && match.IsWantedBy(group.Rules))
            {
                found.UnionWith(group.Lanes);
            }
        }

        EvaluatedCount += match.EvaluatedCount;
        _tape.Clear();
    }

    private List<RuleGroup> GroupsOf(string stream)
    {
        if (!_groupsOfStreams.TryGetValue(stream, out var groups))
        {
            groups = _groups.FindAll(group => group.Rules.HasStream(stream));
            _groupsOfStreams.Add(stream, groups);
        }

        return groups;
    }

    private sealed record RuleGroup(RecordRules Rules, List<Lane> Lanes);
}
