using System.Buffers;
using WikiBus.Json.Scalars;

namespace WikiBus.Schemas.Rules.Values;

/// <summary>A rule about the unescaped text of a string.</summary>
internal abstract class StringRule : SchemaRule
{
    private const int StackBytesMax = 512;

    public override bool IsValid(ref Evaluation run, int index)
    {
        var raw = run.RawText(index);
        return run.Tokens[index].IsPlain ? IsTextValid(ref run, raw) : IsEscapedValid(ref run, raw);
    }

    protected abstract bool IsTextValid(ref Evaluation run, scoped ReadOnlySpan<byte> utf8);

    private bool IsEscapedValid(ref Evaluation run, ReadOnlySpan<byte> raw)
    {
        byte[]? rented = null;
        var buffer = raw.Length <= StackBytesMax
            ? stackalloc byte[StackBytesMax]
            : rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var isValid = IsTextValid(ref run, buffer[..JsonText.Unescape(raw, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return isValid;
    }
}
