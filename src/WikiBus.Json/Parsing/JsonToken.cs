using System.Runtime.InteropServices;

namespace WikiBus.Json.Parsing;

/// <summary>
/// One value or member name of a <see cref="JsonTape"/>. Sixteen bytes. A member is its name's token followed by its
/// value's; a container is followed by what it holds.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JsonToken
{
    /// <summary>
    /// A string with escapes, or a number with a fraction or an exponent: its bytes are not its plain form.
    /// </summary>
    private const uint NotPlainBit = 1 << 3;
    private const int LevelShift = 4;

    /// <summary>The deepest level that fits beside the kind.</summary>
    public const int LevelMax = (1 << (32 - LevelShift)) - 1;

    /// <summary>Index of the first byte in the text.</summary>
    public int Start;

    /// <summary>Index after the last byte.</summary>
    public int End;

    /// <summary>
    /// Of a value: index of the token after it and all below it (of a container still open: its parent's index). Of a
    /// member name: the hash of its text.
    /// </summary>
    public int Next;

    private uint _meta;

    public readonly JsonKind Kind => (JsonKind)(_meta & 7);

    public readonly bool IsPlain => (_meta & NotPlainBit) == 0;

    /// <summary>Of a container: how many containers it is in, itself included.</summary>
    public readonly int Level => (int)(_meta >> LevelShift);

    // Written in place, field by field. A token made elsewhere and copied as one vector would wait for its four stores.
    public void SetScalar(JsonKind kind, int start, int end, int next, bool isPlain)
    {
        Start = start;
        End = end;
        Next = next;
        _meta = (uint)kind | (isPlain ? 0 : NotPlainBit);
    }

    /// <summary>Begins a container; <see cref="End"/> is set when it closes.</summary>
    public void OpenContainer(JsonKind kind, int start, int parent, int level)
    {
        Start = start;
        Next = parent;
        _meta = (uint)kind | ((uint)level << LevelShift);
    }
}
