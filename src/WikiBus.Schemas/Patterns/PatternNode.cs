namespace WikiBus.Schemas.Patterns;

/// <summary>A part of an ECMA-262 regular expression.</summary>
internal abstract record PatternNode
{
    /// <summary>One code point of a set.</summary>
    public sealed record Set(CodePointSet CodePoints) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>A repeated part; <paramref name="Max"/> is int.MaxValue for any number.</summary>
    public sealed record Repeat(PatternNode Part, int Min, int Max, bool IsLazy) : PatternNode;

    /// <summary>A capture, numbered in the order of opening brackets, perhaps named.</summary>
    public sealed record Capture(PatternNode Part, string? Name) : PatternNode;

    public sealed record Start : PatternNode;

    public sealed record End : PatternNode;

    public sealed record WordBoundary(bool IsNegative) : PatternNode;

    public sealed record Look(PatternNode Part, bool IsBehind, bool IsNegative) : PatternNode;

    /// <summary>The text of a capture, by number or name.</summary>
    public sealed record BackReference(string Target) : PatternNode;
}
