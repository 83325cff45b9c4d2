namespace WikiBus.Schemas;

/// <summary>
/// A JSON text (RFC 8259, UTF-8) read once into a flat list of tokens that point into it. Reusable: each <see cref="TryParse"/>
/// forgets the one before. Not safe for concurrent use.
/// </summary>
public sealed class JsonTape
{
    /// <summary>Reads a text. The bytes must be valid UTF-8 and stay unchanged while the tape is used.</summary>
    /// <param name="utf8">The text; white space around the value is allowed.</param>
    /// <param name="fault">Where and why the text is no JSON.</param>
    public bool TryParse(ReadOnlyMemory<byte> utf8, out JsonFault fault) => throw new NotImplementedException();

    /// <summary>The value that the text holds.</summary>
    public JsonNode Root => throw new NotImplementedException();
}
