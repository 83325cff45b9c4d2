using WikiBus.Schemas;

namespace WikiBus.Server.Intake;

/// <summary>
/// Finds the events in a body: one event, an array of events, or the objects that PHP makes of arrays with gaps.
/// </summary>
internal static class RequestForm
{
    /// <summary>Lists the events of a body; none when it is empty.</summary>
    public static void List(JsonNode root, List<JsonNode> events)
    {
        if (root.Kind == JsonKind.Array)
        {
            foreach (var element in root)
            {
                events.Add(element);
            }

            if (events is [var only] && IsNumbered(only))
            {
                events.Clear();
                AddValues(only, events);
            }
        }
        else if (IsNumbered(root))
        {
            AddValues(root, events);
        }
        else if (HasMembers(root))
        {
            events.Add(root);
        }
    }

    private static bool HasMembers(JsonNode node) => node.GetEnumerator().MoveNext();

    private static void AddValues(JsonNode node, List<JsonNode> events)
    {
        foreach (var value in node)
        {
            events.Add(value);
        }
    }

    // {"0":{…},"2":{…}}: what json_encode makes of a list from which an element was taken.
    private static bool IsNumbered(JsonNode node)
    {
        if (node.Kind != JsonKind.Object || !HasMembers(node))
        {
            return false;
        }

        for (var members = node.GetEnumerator(); members.MoveNext();)
        {
            var name = members.Name.Raw[1..^1];
            if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
                members.Current.Kind != JsonKind.Object)
            {
                return false;
            }
        }

        return true;
    }
}
