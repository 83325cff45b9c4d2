using System.Text.Json.Nodes;

namespace WikiBus.Schemas.Tests.BuiltIn;

/// <summary>
/// Breaks events at random places: drops and adds members, and replaces them by values that schemas often distinguish.
/// </summary>
internal sealed class EventMutator(Random random, IReadOnlyList<string> memberNames)
{
    private static readonly Func<JsonNode?>[] s_values =
    [
        () => null, () => true, () => false, () => 0, () => 1, () => -1, () => 1.5,
        () => 9007199254740991, () => 9007199254740992,
        () => -9007199254740991, () => -9007199254740992, () => "", () => " ", () => "x", () => "not a date",
        () => "2026-01-02T03:04:05Z", () => "2026-01-02T03:04:05", () => "2026-13-02T03:04:05Z", () => "2026-01-02",
        () => "page", () => "rollback", () => "undo", () => "insert", () => "edit", () => "delete",
        () => "https://a.example/ b", () => "é\u0000",
        () => new string('z', 65), () => "2026-01-02T03:04:05." + new string('0', 110) + "Z",
        () => "/" + new string('u', 8_192),
        () => new JsonArray(), () => new JsonArray(1), () => new JsonArray("a", "a"),
        () => new JsonArray("a", ""), () => new JsonArray(new JsonObject()),
        () => new JsonObject(), () => new JsonObject { ["a"] = 1 },
        () => new JsonObject { ["type"] = "ns", ["value"] = 1 },
    ];

    /// <summary>Makes one to three changes; returns their description.</summary>
    public string Mutate(JsonObject root)
    {
        var changes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => MutateOnce(root));
        return string.Join("; ", changes);
    }

    private string MutateOnce(JsonObject root)
    {
        var containers = Containers(root).ToList();
        return containers[random.Next(containers.Count)] switch
        {
            JsonObject record => MutateMember(record),
            JsonArray list => MutateItem(list),
            _ => "nothing",
        };
    }

    private string MutateMember(JsonObject record)
    {
        var kind = random.Next(4);
        var isNew = kind == 0 || record.Count == 0;
        var name = isNew ? memberNames[random.Next(memberNames.Count)]
            : record.ElementAt(random.Next(record.Count)).Key;
        var place = $"{record.GetPath()}.{name}";
        if (kind == 1)
        {
            record.Remove(name);
            return $"{place} dropped";
        }
        record[name] = Value();
        return $"{place} = {Shorten(record[name])}";
    }

    private string MutateItem(JsonArray list)
    {
        if (list.Count == 0 || random.Next(3) == 0)
        {
            list.Add(Value());
            return $"{list.GetPath()} + {Shorten(list[^1])}";
        }
        var index = random.Next(list.Count);
        list[index] = random.Next(2) == 0 ? list[random.Next(list.Count)]?.DeepClone() : Value();
        return $"{list.GetPath()}[{index}] = {Shorten(list[index])}";
    }

    private static string Shorten(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length > 60 ? text[..60] + "…" : text;
    }

    private JsonNode? Value() => s_values[random.Next(s_values.Length)]();

    private static IEnumerable<JsonNode> Containers(JsonNode? node) => node switch
    {
        JsonObject record => record.SelectMany(static member => Containers(member.Value)).Prepend(record),
        JsonArray list => list.SelectMany(Containers).Prepend(list),
        _ => [],
    };
}
