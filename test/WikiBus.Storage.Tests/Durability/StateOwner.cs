using System.Text;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// A writer of the state store with keys of its own, the values that it was told are durable, and those that the
/// commits
/// since would have led to whose outcome it does not know. Every commit also counts in a key shared by all.
/// </summary>
internal sealed class StateOwner(int number)
{
    private const int KeyCount = 6;
    private static readonly byte[] s_sharedKey = "shared"u8.ToArray();

    private Dictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, string>> _unknown = [];
    private int _commits;

    private string Prefix => $"writer{number}/";

    private string CountKey => $"{Prefix}count";

    /// <summary>How many of the shared count are this writer's, as the store holds it.</summary>
    public int Count => int.Parse(_acknowledged.GetValueOrDefault(CountKey, "0"));

    /// <summary>The shared count, as the store holds it.</summary>
    public static int SharedCount(StateStore store) =>
        store.Get(s_sharedKey) is { } shared ? int.Parse(Encoding.ASCII.GetString(shared.Value.Span)) : 0;

    /// <summary>Commits until a batch is accepted; throws what the store throws.</summary>
    public async Task CommitAsync(StateStore store, Random random, TimeSpan waitMax)
    {
        var next = new Dictionary<string, string>(_acknowledged, StringComparer.Ordinal);
        var changes = NewChanges(random, next);
        var isAccepted = false;
        while (!isAccepted)
        {
            var shared = store.Get(s_sharedKey);
            var count = Encoding.ASCII.GetBytes($"{SharedCount(shared) + 1}");
            _unknown.Add(next);
            isAccepted = await store.CommitAsync([.. changes, new StateChange(s_sharedKey, count,
                shared?.Version ?? 0)])
                .AsTask().WaitAsync(waitMax);
        }

        Settle(next);
    }

    /// <summary>
    /// The store holds what was acknowledged, or what was left unknown; which of the two is settled now.
    /// </summary>
    public void Check(StateStore store)
    {
        var found = store.List(Encoding.ASCII.GetBytes(Prefix), int.MaxValue).ToDictionary(
            pair => Encoding.ASCII.GetString(pair.Key),
            pair => Encoding.ASCII.GetString(pair.Value.Value.Span),
            StringComparer.Ordinal);
        if (!IsSame(found, _acknowledged) && !_unknown.Exists(unknown => IsSame(found, unknown)))
        {
            throw new DurabilityFault(
                $"writer {number} finds {Text(found)}, was told {Text(_acknowledged)}, "
                + $"did not know of {string.Join(" or ", _unknown.Select(Text))}");
        }

        Settle(found);
    }

    private void Settle(Dictionary<string, string> values)
    {
        _acknowledged = values;
        _unknown.Clear();
    }

    private List<StateChange> NewChanges(Random random, Dictionary<string, string> next)
    {
        var changes = new List<StateChange>();
        for (var i = random.Next(1, KeyCount); i > 0; i--)
        {
            var key = $"{Prefix}key{random.Next(KeyCount)}";
            if (random.Next(4) == 0)
            {
                next.Remove(key);
                changes.Add(new StateChange(Encoding.ASCII.GetBytes(key), null));
            }
            else
            {
                Put(key, $"{++_commits}:{new string('x', random.Next(100))}");
            }
        }

        Put(CountKey, $"{Count + 1}");
        return changes;

        void Put(string key, string value)
        {
            next[key] = value;
            changes.Add(new StateChange(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value)));
        }
    }

    private static int SharedCount(StateValue? shared) =>
        shared is null ? 0 : int.Parse(Encoding.ASCII.GetString(shared.Value.Span));

    private static bool IsSame(Dictionary<string, string> found, Dictionary<string, string> expected) =>
        found.Count == expected.Count && found.All(pair => expected.GetValueOrDefault(pair.Key) == pair.Value);

    private static string Text(Dictionary<string, string> values) =>
        string.Join(", ", values
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value.Split(':')[0]}"));
}
