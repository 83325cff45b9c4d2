using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WikiBus.Json.Parsing;

namespace WikiBus.Json;

/// <summary>
/// A JSON text (RFC 8259, UTF-8) read once into a flat list of tokens that point into it. Reusable: each <see
/// cref="TryParse"/> forgets the text before. Not safe for concurrent use.
/// </summary>
public sealed class JsonTape
{
    /// <summary>Tokens kept between texts (4 MiB); a larger array is released before the next text.</summary>
    private const int TokensKeptMax = 1 << 18;

    private JsonToken[] _tokens = [];
    private byte[] _text = [];
    private int _textStart;
    private int _levelMax;
    private bool _isParsed;

    /// <summary>
    /// Reads a text. The bytes must be valid UTF-8 and stay unchanged while the tape is used. Strict: no byte order
    /// mark, comments, trailing commas or NaN; escapes of lone surrogates are accepted, as JSON.parse does. Any depth
    /// is read, without recursion.
    /// </summary>
    /// <param name="utf8">The text; white space around the value is allowed.</param>
    /// <param name="fault">Where and why the text is not JSON.</param>
    public bool TryParse(ReadOnlyMemory<byte> utf8, out JsonFault fault)
    {
        if (_tokens.Length > TokensKeptMax)
        {
            _tokens = [];
        }

        SetText(utf8);
        _isParsed = JsonTapeParser.TryParse(utf8.Span, ref _tokens, out _levelMax, out fault);
        return _isParsed;
    }

    /// <summary>Forgets the text, so that its bytes can be freed while the tape waits for the next one.</summary>
    public void Clear()
    {
        _isParsed = false;
        _text = [];
    }

    /// <summary>Bytes that the tokens take. What exceeds 4 MiB is released before the next text.</summary>
    public int HeldBytes => _tokens.Length * Unsafe.SizeOf<JsonToken>();

    /// <summary>The text's value; kind None before a text is read.</summary>
    public JsonTapeValue Root => _isParsed ? new JsonTapeValue(this, 0) : default;

    /// <summary>The deepest nesting in the text; 0 for a scalar.</summary>
    internal int LevelMax => _levelMax;

    internal ReadOnlySpan<JsonToken> Tokens => _tokens;

    internal ref readonly JsonToken this[int index] => ref _tokens[index];

    /// <summary>The bytes from one index of the text to another.</summary>
    internal ReadOnlySpan<byte> Slice(int start, int end) => _text.AsSpan(_textStart + start, end - start);

    /// <inheritdoc cref="Slice" />
    internal ReadOnlyMemory<byte> SliceMemory(int start, int end) => _text.AsMemory(_textStart + start, end - start);

    private void SetText(ReadOnlyMemory<byte> utf8)
    {
        if (MemoryMarshal.TryGetArray(utf8, out var segment) && segment.Array is not null)
        {
            _text = segment.Array;
            _textStart = segment.Offset;
        }
        else
        {
            _text = utf8.ToArray();
            _textStart = 0;
        }
    }
}
