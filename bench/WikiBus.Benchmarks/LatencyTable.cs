using System.Diagnostics;

namespace WikiBus.Benchmarks;

/// <summary>Counts latencies in steps of 50 µs up to 30 s. Safe for concurrent use.</summary>
internal sealed class LatencyTable
{
    private const double StepMs = 0.05;

    private readonly long[] _counts = new long[(int)(30_000 / StepMs) + 1];

    public void Add(long ticks)
    {
        var step = (int)(ticks * 1000.0 / Stopwatch.Frequency / StepMs);
        Interlocked.Increment(ref _counts[Math.Clamp(step, 0, _counts.Length - 1)]);
    }

    /// <summary>The longest latency in ms.</summary>
    public double Longest => (Array.FindLastIndex(_counts, static count => count > 0) + 1) * StepMs;

    /// <summary>The latency in ms that a share of all stays under.</summary>
    public double Percentile(double share)
    {
        var left = (long)(_counts.Sum() * share);
        for (var step = 0; step < _counts.Length; step++)
        {
            left -= _counts[step];
            if (left < 0)
            {
                return (step + 1) * StepMs;
            }
        }

        return 0;
    }
}
