using WikiBus.Json;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Bodies;

/// <summary>
/// The body of a request, and the events in it. The events point into the body's bytes and tape, and are gone when it
/// is cleared. Not safe for concurrent use.
/// </summary>
internal sealed class RequestBody(BytesInFlight bytesInFlight) : IDisposable
{
    /// <summary>
    /// The memory that a value or name needs while its text is read: a token of 16 bytes, in a list that is up to twice
    /// as long as needed, and again for an event into which members are spliced.
    /// </summary>
    private const int TokenBytes = 64;

    /// <summary>Tokens of shorter texts are not counted: the number of connections bounds their memory.</summary>
    private const int SmallTextBytes = 16 * 1024;

    private readonly JsonTape _tape = new();
    private readonly List<JsonTapeValue> _events = [];
    private int _reservedTokenBytes;

    /// <summary>The text: UTF-8.</summary>
    public BodyBuffer Text { get; } = new(bytesInFlight);

    /// <summary>The events in their order; any JSON values.</summary>
    public IReadOnlyList<JsonTapeValue> Events => _events;

    /// <summary>How deep the body is nested.</summary>
    public int Depth => _tape.Root.Depth;

    /// <summary>Bytes of memory that the body keeps when it is cleared.</summary>
    public int HeldBytes => Text.Capacity + _tape.HeldBytes;

    /// <summary>Reads the text as JSON and lists its events. A fault says why it cannot be read.</summary>
    public BodyFault? ReadEvents()
    {
        if (Text.Length == 0)
        {
            return null;
        }

        if (ReserveTokens() is { } full)
        {
            return full;
        }

        if (!_tape.TryParse(Text.Memory, out var fault))
        {
            return BodyFault.Unreadable($"{fault.Message} (byte {fault.Offset})");
        }

        var root = _tape.Root;
        if (root.Kind is not (JsonKind.Object or JsonKind.Array))
        {
            return BodyFault.Unreadable("The body must be a JSON object or array.");
        }

        BodyText.RemoveLineBreaks(Text);
        ListEvents(root);
        return null;
    }

    /// <summary>Takes one event that the bus itself has made.</summary>
    public void TakeOwnEvent(ReadOnlySpan<byte> json)
    {
        Text.Append(json);
        if (!_tape.TryParse(Text.Memory, out var fault))
        {
            throw new InvalidOperationException($"An event of the bus itself is not JSON: {fault.Message}");
        }

        _events.Add(_tape.Root);
    }

    /// <summary>Forgets the request, and keeps the memory.</summary>
    public void Clear()
    {
        bytesInFlight.Release(_reservedTokenBytes);
        _reservedTokenBytes = 0;
        Text.Clear();
        _tape.Clear();
        _events.Clear();
    }

    public void Dispose()
    {
        Clear();
        Text.Dispose();
    }

    /// <summary>
    /// Counts the memory of the tokens: <c>[1,1,1…]</c> needs many times its own length. A fault says that there is no
    /// room for it now, or ever.
    /// </summary>
    private BodyFault? ReserveTokens()
    {
        if (Text.Length < SmallTextBytes)
        {
            return null;
        }

        // Each value but the first follows one of these. Those inside strings make the estimate larger, never smaller.
        var text = Text.Span;
        var tokens = 1L + text.Count((byte)',') + text.Count((byte)':') + text.Count((byte)'[') + text.Count((byte)'{');
        var bytes = tokens * TokenBytes;
        if (bytes + Text.ReservedBytes > bytesInFlight.BytesMax)
        {
            return BodyFault.TooLarge("Intake:BytesInFlightMax", bytesInFlight.BytesMax);
        }

        if (!bytesInFlight.TryReserve((int)bytes))
        {
            return BodyFault.TooManyBytesInFlight;
        }

        _reservedTokenBytes = (int)bytes;
        return null;
    }

    /// <summary>
    /// A body is one event, an array of events, or an object that PHP made of an array with gaps. An empty one has no
    /// events.
    /// </summary>
    private void ListEvents(JsonTapeValue root)
    {
        if (root.Kind == JsonKind.Array)
        {
            AddValues(root);
            if (_events is [var only] && IsNumbered(only))
            {
                _events.Clear();
                AddValues(only);
            }
        }
        else if (IsNumbered(root))
        {
            AddValues(root);
        }
        else if (HasMembers(root))
        {
            _events.Add(root);
        }
    }

    private void AddValues(JsonTapeValue node)
    {
        foreach (var value in node)
        {
            _events.Add(value);
        }
    }

    private static bool HasMembers(JsonTapeValue node) => node.GetEnumerator().MoveNext();

    // {"0":{…},"2":{…}}: json_encode writes a list like this after an element was removed from it.
    private static bool IsNumbered(JsonTapeValue node)
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
