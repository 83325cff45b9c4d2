using System.Diagnostics;

namespace WikiBus.Benchmarks;

/// <summary>Measures one run by the clock and by processor time.</summary>
internal readonly struct LogMeter
{
    private readonly long _timestamp;
    private readonly TimeSpan _processorTime;

    private LogMeter(long timestamp, TimeSpan processorTime) =>
        (_timestamp, _processorTime) = (timestamp, processorTime);

    public static LogMeter Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public LogRate Stop(int recordCount)
    {
        var elapsed = Stopwatch.GetElapsedTime(_timestamp);
        var processorTime = Environment.CpuUsage.TotalTime - _processorTime;
        return new LogRate(recordCount / elapsed.TotalSeconds, processorTime.TotalMicroseconds / recordCount);
    }
}
