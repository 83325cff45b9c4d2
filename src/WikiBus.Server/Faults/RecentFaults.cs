namespace WikiBus.Server.Faults;

/// <summary>
/// Faults that clients meet, who come back and meet them again: each is told once in a window of time. Safe for
/// concurrent use.
/// </summary>
internal sealed class RecentFaults(TimeProvider time)
{
    /// <summary>After it a fault that is still met is told again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Most faults in a window; further ones are not told.</summary>
    public const int CountMax = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _toldAt = new(StringComparer.Ordinal);

    /// <summary>True if the fault was not told within the window, and so is to be told.</summary>
    public bool IsNew(string message)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            foreach (var (told, at) in _toldAt)
            {
                if (time.GetElapsedTime(at, now) >= Window)
                {
                    _toldAt.Remove(told);
                }
            }

            return _toldAt.Count < CountMax && _toldAt.TryAdd(message, now);
        }
    }
}
