namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>When a failed delivery is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>A delay is longer or shorter by at most this share, so that retries spread.</summary>
    private const double Jitter = 0.2;

    // The delays before the 2nd to the 11th attempt.
    private static readonly TimeSpan[] s_delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The number of attempts after which a delivery is dead.</summary>
    public static int AttemptsMax => s_delays.Length + 1;

    /// <summary>The delay after a number of failed attempts, 1 to <see cref="AttemptsMax"/> - 1.</summary>
    public static TimeSpan DelayAfter(int attempts, Random random) =>
        s_delays[attempts - 1] * (1 - Jitter + (2 * Jitter * random.NextDouble()));
}
