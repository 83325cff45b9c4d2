using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Events;

/// <summary>The valid names of streams: <c>[A-Za-z0-9._-]{1,200}</c>, but neither <c>.</c> nor <c>..</c>.</summary>
public static class StreamName
{
    /// <summary>The longest name, in characters (all of them are ASCII, so in bytes too).</summary>
    public const int LengthMax = 200;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

    private static readonly SearchValues<char> s_characters = SearchValues.Create(Alphabet);
    private static readonly SearchValues<byte> s_bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    /// <summary>May this be a stream's name?</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) => name is not null && IsValid(name.AsSpan());

    /// <summary>May this be a stream's name?</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= LengthMax
        && !name.ContainsAnyExcept(s_characters)
        && name is not ("." or "..");

    /// <summary>May this UTF-8 text be a stream's name?</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LengthMax
        && !name.ContainsAnyExcept(s_bytes)
        && !name.SequenceEqual("."u8)
        && !name.SequenceEqual(".."u8);
}
