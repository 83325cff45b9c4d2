using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <summary>Checks inputs where they are given, so that no builder makes an event that a bus refuses.</summary>
internal static class Require
{
    // The schemas refuse numbers that a double cannot hold exactly.
    private const long IntegerMax = (1L << 53) - 1;

    // MediaWiki allows 255 bytes beside the name of the namespace.
    private const int NameBytesMax = 512;

    /// <summary>A text that is not empty and has no lone surrogate.</summary>
    public static string Text(string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return Unicode(value, name);
    }

    /// <summary>A text without lone surrogates, which may be empty or null.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Unicode(string? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        for (var rest = value.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                throw new ArgumentException("The text has a lone surrogate.", name);
            }

            rest = rest[length..];
        }

        return value;
    }

    /// <summary>The title of a page or the name of a user: not blank, at most 512 bytes.</summary>
    public static string Name(string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, name);
        return Encoding.UTF8.GetByteCount(value) <= NameBytesMax
            ? Unicode(value, name)
            : throw new ArgumentException($"The text has more than {NameBytesMax} bytes.", name);
    }

    /// <summary>Texts, none of them empty.</summary>
    public static IReadOnlyList<string> Texts(
        IReadOnlyList<string> values, [CallerArgumentExpression(nameof(values))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        foreach (var value in values)
        {
            Text(value, name);
        }

        return values;
    }

    /// <summary>The names of a JSON object's members: each of them once, and not 0, 1, … in order.</summary>
    /// <remarks>PHP writes an array with such keys as a list, which the schemas refuse.</remarks>
    public static void MemberNames(IReadOnlyCollection<string> names, string name)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
        {
            throw new ArgumentException("A name is there twice.", name);
        }

        if (names.Count > 0 && PhpJsonWriter.IsList(names))
        {
            throw new ArgumentException("The names are 0, 1, … in order, which EventBus sends as a list.", name);
        }
    }

    /// <summary>An id: from 1 to 2^53 − 1.</summary>
    public static long Id(long value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return NotNegative(value, name);
    }

    /// <summary>A count: from 0 to 2^53 − 1.</summary>
    public static long NotNegative(long value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, IntegerMax, name);
        return value;
    }

    /// <summary>A count that may be unknown.</summary>
    public static long? NotNegative(long? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is null ? null : NotNegative(value.Value, name);
}
