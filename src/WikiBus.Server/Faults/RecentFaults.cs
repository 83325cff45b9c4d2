namespace WikiBus.Server.Faults;

/// <summary>
/// Faults that recur, because work is repeated or many clients meet the same one. Each is logged once in a window of
/// time. Safe for concurrent use.
/// </summary>
internal sealed class RecentFaults(TimeProvider time)
{
    /// <summary>After this time a fault that recurs is logged again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Most faults in a window; further ones are not logged.</summary>
    public const int CountMax = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>True if the fault was not logged within the window, and so is to be logged.</summary>
    public bool IsNew(string message)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            foreach (var (logged, at) in _loggedAt)
            {
                if (time.GetElapsedTime(at, now) >= Window)
                {
                    _loggedAt.Remove(logged);
                }
            }

            return _loggedAt.Count < CountMax && _loggedAt.TryAdd(message, now);
        }
    }

    /// <summary>The work succeeded: the next fault is new, whichever it is.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _loggedAt.Clear();
        }
    }
}
