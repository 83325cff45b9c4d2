using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Listing;

/// <summary>
/// Records per minute of each stream, over the last minute, from samples of their offsets. Safe for concurrent use.
/// </summary>
internal sealed class StreamRates(EventLog log, TimeProvider time, StreamingDiagnostics diagnostics)
    : BackgroundService
{
    private const int SampleCount = 6;
    private static readonly TimeSpan s_sampleInterval = TimeSpan.FromSeconds(10);

    // Oldest first; replaced, never changed.
    private volatile Sample[] _samples = [];

    /// <summary>How many records per minute the stream got since the oldest sample.</summary>
    public double PerMinute(StreamSummary stream)
    {
        var samples = _samples;
        if (samples.Length == 0)
        {
            return 0;
        }

        var elapsed = time.GetElapsedTime(samples[0].Timestamp);
        var grown = stream.NextOffset - samples[0].NextOffsets.GetValueOrDefault(stream.Name);
        return elapsed > TimeSpan.Zero ? Math.Round(grown / elapsed.TotalMinutes, 1) : 0;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_sampleInterval, time);
        try
        {
            do
            {
                TakeSample();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this loop ends.
        }
    }

    private void TakeSample()
    {
        try
        {
            var offsets = log.ListStreams().ToDictionary(
                static stream => stream.Name, static stream => stream.NextOffset, StringComparer.Ordinal);
            _samples = [.. _samples.TakeLast(SampleCount - 1), new Sample(time.GetTimestamp(), offsets)];
        }
        catch (Exception exception)
        {
            diagnostics.LoopFailed(exception);
        }
    }

    /// <summary>The next offsets of all streams at one moment.</summary>
    private sealed record Sample(long Timestamp, IReadOnlyDictionary<string, long> NextOffsets);
}
