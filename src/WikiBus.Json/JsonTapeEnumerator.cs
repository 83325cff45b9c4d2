namespace WikiBus.Json;

/// <summary>Walks an array's elements or an object's members in their order.</summary>
public ref struct JsonTapeEnumerator
{
    private readonly JsonTape? _tape;
    private readonly bool _isObject;
    private readonly int _end;
    private int _current;
    private int _next;

    internal JsonTapeEnumerator(JsonTapeValue container)
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
    public readonly JsonTapeValue Current => new(_tape!, _current);

    /// <summary>The current member's name as a string; kind None in an array.</summary>
    public readonly JsonTapeValue Name => _isObject ? new JsonTapeValue(_tape!, _current - 1) : default;

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
