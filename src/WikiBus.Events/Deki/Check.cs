namespace WikiBus.Events.Deki;

/// <summary>Checks inputs where they are given, so that each event names a real page, user, file or comment.</summary>
internal static class Check
{
    public static long Id(long value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    public static string Text(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value;
    }
}
