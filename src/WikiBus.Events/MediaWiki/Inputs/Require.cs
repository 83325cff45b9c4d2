using System.Runtime.CompilerServices;

namespace WikiBus.Events.MediaWiki;

/// <summary>Checks inputs where they are given, so that no builder makes an event that a bus refuses.</summary>
internal static class Require
{
    public static string Text(string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value;
    }

    public static long Id(long value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    public static long NotNegative(long value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        return value;
    }
}
