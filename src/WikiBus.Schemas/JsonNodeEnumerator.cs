namespace WikiBus.Schemas;

/// <summary>Walks an array's elements or an object's members in their order.</summary>
public ref struct JsonNodeEnumerator
{
    private readonly JsonTape? _tape;
    private readonly bool _isObject;
    private readonly int _end;
    private int _current;
    private int _next;

    internal JsonNodeEnumerator(JsonNode container)
    {
        if (container.Kind < JsonKind.Array)
        {
            return;
        }

        _tape = container.Tape;
        _isObject = container.Kind == JsonKind.Object;
        _end = _tape![container.Index].Next;
        _next = container.Index + 1;
    }

    /// <summary>The current element, or the current member's value.</summary>
    public readonly JsonNode Current => new(_tape!, _current);

    /// <summary>The current member's name as a string node; kind None in an array.</summary>
    public readonly JsonNode Name => _isObject ? new JsonNode(_tape!, _current - 1) : default;

    /// <summary>Moves on; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _current = _isObject ? _next + 1 : _next;
        _next = _tape![_current].Next;
        return true;
    }
}
