using System.Buffers.Text;
using System.Globalization;
using System.Text;
using WikiBus.Json.Scalars;

namespace WikiBus.Json;

/// <summary>A value in a <see cref="JsonTape"/>; valid until the tape reads another text.</summary>
public readonly struct JsonTapeValue
{
    private readonly JsonTape? _tape;
    private readonly int _index;

    internal JsonTapeValue(JsonTape tape, int index)
    {
        _tape = tape;
        _index = index;
    }

    /// <summary>The value's kind; <see cref="JsonKind.None"/> for <c>default</c>.</summary>
    public JsonKind Kind => _tape is null ? JsonKind.None : _tape[_index].Kind;

    /// <summary>Index of the value's first byte in the text.</summary>
    public int Start => _tape is null ? 0 : _tape[_index].Start;

    /// <summary>Index in the text after the value's last byte.</summary>
    public int End => _tape is null ? 0 : _tape[_index].End;

    /// <summary>The value's bytes in the text, quotes and brackets included.</summary>
    public ReadOnlySpan<byte> Raw => _tape is null ? default : _tape.Slice(Start, End);

    /// <summary>The value's bytes in the text, quotes and brackets included.</summary>
    public ReadOnlyMemory<byte> RawMemory => _tape is null ? default : _tape.SliceMemory(Start, End);

    /// <summary>Members of an object or elements of an array; 0 for other kinds. Counted on demand.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            for (var nodes = GetEnumerator(); nodes.MoveNext();)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The depth of nesting: 0 for a scalar, 1 for an empty array or an array of scalars.</summary>
    public int Depth
    {
        get
        {
            if (_tape is null || _index == 0)
            {
                return _tape?.LevelMax ?? 0;
            }

            ref readonly var token = ref _tape[_index];
            if (token.Kind < JsonKind.Array)
            {
                return 0;
            }

            var deepest = token.Level;
            foreach (ref readonly var below in _tape.Tokens[_index..token.Next])
            {
                deepest = below.Kind >= JsonKind.Array ? Math.Max(deepest, below.Level) : deepest;
            }

            return deepest - token.Level + 1;
        }
    }

    /// <summary>
    /// True for a string without escapes, or a number without fraction and exponent: its bytes are its plain form.
    /// </summary>
    public bool IsPlain => _tape is not null && _tape[_index].IsPlain;

    internal JsonTape? Tape => _tape;

    internal int Index => _index;

    /// <summary>A string's bytes between the quotes, with its escapes.</summary>
    internal ReadOnlySpan<byte> RawText => _tape!.Slice(Start + 1, End - 1);

    /// <summary>
    /// The first member name that an object has twice, at any depth, unescaped; null when there is none. Searched on
    /// demand.
    /// </summary>
    public string? FindDuplicateName() => _tape is null ? null : JsonDuplicates.Find(_tape, _index);

    /// <summary>
    /// The member's value (UTF-8 name, unescaped; the last of equal names); kind None when the member is missing or
    /// this is not an object.
    /// </summary>
    public JsonTapeValue this[ReadOnlySpan<byte> name]
    {
        get
        {
            if (Kind != JsonKind.Object)
            {
                return default;
            }

            var tokens = _tape!.Tokens;
            var found = 0;
            var hash = JsonName.Hash(name);
            for (int index = _index + 1, end = tokens[_index].Next; index < end; index = tokens[index + 1].Next)
            {
                if (tokens[index].Next == hash && new JsonTapeValue(_tape, index).TextEquals(name))
                {
                    found = index + 1;
                }
            }
            return found == 0 ? default : new JsonTapeValue(_tape, found);
        }
    }

    /// <summary>
    /// The value at a place of the same text that <see cref="JsonMembers.Find"/> noted; kind None for place 0.
    /// </summary>
    public JsonTapeValue At(int place) => place == 0 ? default : new JsonTapeValue(_tape!, place);

    /// <summary>True if this is a string whose unescaped text equals <paramref name="utf8"/>.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8)
    {
        if (Kind != JsonKind.String)
        {
            return false;
        }

        return IsPlain ? RawText.SequenceEqual(utf8) : JsonText.EscapedEquals(RawText, utf8);
    }

    /// <summary>A string's text; lone surrogates become U+FFFD.</summary>
    /// <exception cref="InvalidOperationException">This is not a string.</exception>
    public string GetString() => Encoding.UTF8.GetString(GetUtf8().Span);

    /// <summary>A string's text as UTF-8: a slice of the text where it holds no escapes, else a copy.</summary>
    /// <exception cref="InvalidOperationException">This is not a string.</exception>
    public ReadOnlyMemory<byte> GetUtf8()
    {
        if (Kind != JsonKind.String)
        {
            throw new InvalidOperationException($"The value is not a string but {Kind}.");
        }

        if (IsPlain)
        {
            return _tape!.SliceMemory(Start + 1, End - 1);
        }

        var copy = new byte[RawText.Length];
        return copy.AsMemory(0, JsonText.Unescape(RawText, copy));
    }

    /// <summary>A number's value if it is written as an integer and fits.</summary>
    public bool TryGetInt64(out long value)
    {
        value = 0;
        return Kind == JsonKind.Number && IsPlain && Utf8Parser.TryParse(Raw, out value, out var read)
            && read == Raw.Length;
    }

    /// <summary>A number's nearest IEEE double (infinite beyond its range).</summary>
    public bool TryGetDouble(out double value)
    {
        value = 0;
        return Kind == JsonKind.Number
            && double.TryParse(Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Elements of an array, or values of an object with their names; nothing for other kinds.</summary>
    public JsonTapeEnumerator GetEnumerator() => new(this);

    /// <summary>The value's bytes as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Raw);
}
