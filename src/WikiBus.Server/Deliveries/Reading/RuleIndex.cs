using WikiBus.Json;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Filters;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Reading;

/// <summary>
/// Finds out who wants a record, by rules. Equal rules are evaluated once. Rules with patterns are found by look-ups,
/// and others are compared with each record of their streams. Used by one loop.
/// </summary>
/// <typeparam name="T">Who has rules: lanes.</typeparam>
internal sealed class RuleIndex<T>
    where T : class
{
    private readonly List<RuleGroup> _groups = [];
    private readonly Dictionary<string, List<RuleGroup>> _groupsOfStreams = new(StringComparer.Ordinal);
    private readonly UriTable<ChannelEntry> _channels = new();
    private readonly Dictionary<string, List<RuleGroup>> _recipients = new(StringComparer.Ordinal);
    private readonly List<ChannelEntry> _entries = [];
    private readonly HashSet<RuleGroup> _candidates = [];
    private readonly JsonTape _tape = new();

    /// <param name="targets">Who has rules.</param>
    /// <param name="rulesOf">Their rules; one that matches is enough.</param>
    public RuleIndex(IEnumerable<T> targets, Func<T, IEnumerable<RecordRules>> rulesOf)
    {
        var groups = new Dictionary<string, RuleGroup>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            foreach (var rules in rulesOf(target))
            {
                if (!groups.TryGetValue(rules.Text, out var group))
                {
                    groups.Add(rules.Text, group = new RuleGroup(rules, []));
                    Add(group);
                }

                group.Targets.Add(target);
            }
        }
    }

    /// <summary>How many rules with filters were evaluated.</summary>
    public long EvaluatedCount { get; private set; }

    /// <summary>Rules with patterns that were compared, and look-ups for them; for tests.</summary>
    public long ComparedCount { get; private set; }

    /// <summary>Adds those who want a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isAsked">Is the answer about somebody wanted?</param>
    /// <param name="found">Who wants it.</param>
    public void Find(in LogRecord record, Predicate<T> isAsked, HashSet<T> found)
    {
        var match = new RecordMatch(record, _tape);
        foreach (var group in GroupsOf(record.Stream))
        {
            AddTargets(group, ref match, isAsked, found);
        }

        if (_recipients.Count > 0)
        {
            FindCandidates(match.Header);
            ComparedCount += _candidates.Count;
            foreach (var group in _candidates)
            {
                AddTargets(group, ref match, isAsked, found);
            }
        }

        EvaluatedCount += match.EvaluatedCount;
        _tape.Clear();
    }

    private static void AddTargets(
        RuleGroup group, ref RecordMatch match, Predicate<T> isAsked, HashSet<T> found)
    {
        if (group.Targets.Exists(isAsked) && match.IsWantedBy(group.Rules))
        {
            found.UnionWith(group.Targets);
        }
    }

    private void Add(RuleGroup group)
    {
        if (group.Rules.Patterns.Count == 0)
        {
            _groups.Add(group);
            return;
        }

        foreach (var (channel, resource) in group.Rules.Patterns)
        {
            var entry = _channels[channel.KeyOf(hasScheme: true)];
            entry.All.Add(group);
            (resource is null ? entry.WithoutResource : entry.Resources[resource.KeyOf(hasScheme: false)].Groups)
                .Add(group);
        }

        foreach (var recipient in group.Rules.Recipients)
        {
            if (!_recipients.TryGetValue(recipient, out var groups))
            {
                _recipients.Add(recipient, groups = []);
            }

            groups.Add(group);
        }
    }

    private void FindCandidates(in RecordHeader header)
    {
        _candidates.Clear();
        foreach (var recipient in header.Recipients)
        {
            _candidates.UnionWith(_recipients.GetValueOrDefault(recipient) ?? []);
        }

        if (header.Recipients.Count > 0 || !UriKey.TryRead(header.Channel, hasScheme: true, out var channel))
        {
            return;
        }

        _entries.Clear();
        ComparedCount += _channels.Find(channel, _entries);
        var hasResource = UriKey.TryRead(header.Resource, hasScheme: false, out var resource);
        foreach (var entry in _entries)
        {
            if (hasResource)
            {
                _candidates.UnionWith(entry.WithoutResource);
                ComparedCount += entry.Find(resource, _candidates);
            }
            else
            {
                // By Dream's rules an event without a resource matches whatever resources are wanted.
                _candidates.UnionWith(entry.All);
            }
        }
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

    private sealed record RuleGroup(RecordRules Rules, List<T> Targets);

    /// <summary>The rules with one pattern of channels.</summary>
    private sealed class ChannelEntry
    {
        private readonly List<ResourceEntry> _found = [];

        public HashSet<RuleGroup> All { get; } = [];

        public List<RuleGroup> WithoutResource { get; } = [];

        public UriTable<ResourceEntry> Resources { get; } = new();

        public int Find(UriKey resource, HashSet<RuleGroup> groups)
        {
            if (Resources.IsEmpty)
            {
                return 0;
            }

            _found.Clear();
            var count = Resources.Find(resource, _found);
            _found.ForEach(entry => groups.UnionWith(entry.Groups));
            return count;
        }
    }

    private sealed class ResourceEntry
    {
        public List<RuleGroup> Groups { get; } = [];
    }
}
