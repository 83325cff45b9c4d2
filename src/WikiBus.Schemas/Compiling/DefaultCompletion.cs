using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Containers;

namespace WikiBus.Schemas.Compiling;

/// <summary>
/// Finds the nodes that have defaults, and completes each default by the defaults for its parts (<c>{"default": {}}</c>
/// with defaults below).
/// </summary>
internal static class DefaultCompletion
{
    /// <summary>Most levels of defaults within defaults; more count as endless.</summary>
    private const int RoundsMax = 32;

    /// <summary>Most bytes of one completed default: two defaults within each would double it every round.</summary>
    private const int BytesMax = 64 * 1024;

    /// <exception cref="SchemaFaultException">A default needs further defaults without end.</exception>
    public static void Run(IReadOnlyCollection<SchemaNode> nodes)
    {
        MarkNodes(nodes);
        foreach (var entry in nodes.SelectMany(node => node.Rules).OfType<PropertiesRule>()
            .SelectMany(rule => rule.Entries))
        {
            if (entry is { DefaultMember: not null, Schema.HasDefaults: true })
            {
                entry.DefaultMember = Complete(entry);
            }
        }
    }

    /// <summary>Walks from the nodes with defaults of their own against the direction of the references.</summary>
    private static void MarkNodes(IReadOnlyCollection<SchemaNode> nodes)
    {
        var users = new Dictionary<SchemaNode, List<SchemaNode>>();
        foreach (var node in nodes)
        {
            foreach (var used in node.Rules.SelectMany(rule => rule.Defaulting))
            {
                if (!users.TryGetValue(used, out var list))
                {
                    users[used] = list = [];
                }

                list.Add(node);
            }
        }
        var waiting = new Stack<SchemaNode>(nodes.Where(node => node.Rules.Any(rule => rule.HasOwnDefaults)));
        while (waiting.TryPop(out var node))
        {
            if (node.HasDefaults)
            {
                continue;
            }

            node.HasDefaults = true;
            foreach (var user in users.GetValueOrDefault(node) ?? [])
            {
                waiting.Push(user);
            }
        }
    }

    private static byte[] Complete(PropertyEntry entry)
    {
        var text = entry.DefaultMember!.Value.ToArray();
        for (var round = 0; round < RoundsMax && text.Length <= BytesMax; round++)
        {
            var tape = new JsonTape();
            // A member in braces is an object with one member, whose value is the default.
            if (!tape.TryParse((byte[])[(byte)'{', .. text, (byte)'}'], out _))
            {
                break;
            }

            var value = tape.Root[entry.NameBytes];
            var found = new DefaultCollector();
            var run = new Evaluation(value, null);
            entry.Schema!.CollectDefaults(ref run, value.Index, found);
            if (found.Count == 0)
            {
                return text;
            }

            if (found.IsFull)
            {
                break;
            }

            var name = text.AsSpan(0, value.Start - 1);
            text = [.. name, .. found.Splice(value)];
        }
        throw new SchemaFaultException($"the default of \"{entry.Name}\" calls for further defaults without end");
    }
}
