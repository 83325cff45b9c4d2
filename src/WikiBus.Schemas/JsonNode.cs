namespace WikiBus.Schemas;

/// <summary>A value in a <see cref="JsonTape"/>; valid until the tape reads another text.</summary>
public readonly struct JsonNode
{
    /// <summary>The value's kind; <see cref="JsonKind.None"/> for <c>default</c>.</summary>
    public JsonKind Kind => throw new NotImplementedException();

    /// <summary>Index of the value's first byte in the text.</summary>
    public int Start => throw new NotImplementedException();

    /// <summary>The value's bytes in the text, quotes and brackets included.</summary>
    public ReadOnlySpan<byte> Raw => throw new NotImplementedException();

    /// <summary>Members of an object or elements of an array; 0 for other kinds.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The nesting below: 0 for a scalar, 1 for an array of scalars or an empty array…</summary>
    public int Depth => throw new NotImplementedException();

    /// <summary>The first member name that stands twice in one object, at any depth, unescaped; null when there is none. Looked for on demand.</summary>
    public string? FindDuplicateName() => throw new NotImplementedException();

    /// <summary>The member's value (UTF-8 name, unescaped; the last of equal names); kind None when there is none or this is no object.</summary>
    public JsonNode this[ReadOnlySpan<byte> name] => throw new NotImplementedException();

    /// <summary>True if this is a string without escapes equal to <paramref name="utf8"/>, or one whose unescaped text is.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();

    /// <summary>A string's text; lone surrogates become U+FFFD.</summary>
    /// <exception cref="InvalidOperationException">This is no string.</exception>
    public string GetString() => throw new NotImplementedException();

    /// <summary>A string's text as UTF-8: a slice of the text where it holds no escapes, else a copy.</summary>
    public ReadOnlyMemory<byte> GetUtf8() => throw new NotImplementedException();

    /// <summary>Elements of an array, or values of an object with their names.</summary>
    public JsonNodeEnumerator GetEnumerator() => throw new NotImplementedException();
}
