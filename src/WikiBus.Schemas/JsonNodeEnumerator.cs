namespace WikiBus.Schemas;

/// <summary>Walks an array's elements or an object's members in their order.</summary>
public ref struct JsonNodeEnumerator
{
    /// <summary>The current element, or the current member's value.</summary>
    public JsonNode Current => throw new NotImplementedException();

    /// <summary>The current member's name as a string node; kind None in an array.</summary>
    public JsonNode Name => throw new NotImplementedException();

    /// <summary>Moves on; false at the end.</summary>
    public bool MoveNext() => throw new NotImplementedException();
}
