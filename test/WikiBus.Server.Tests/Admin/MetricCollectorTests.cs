using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Server.Admin;

namespace WikiBus.Server.Tests.Admin;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public MetricCollectorTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricCollector(meters, TimeProvider.System, new LineLogger<MetricCollector>());
        _meter = meters.Create("WikiBus.Tests");
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void CounterWithTags_AddsUpByValues_InTheOrderOfLabels()
    {
        var counter = _meter.CreateCounter<long>("test.events", "{event}", "Events.");
        foreach (var stream in (string[])["b", "a", "b"])
        {
            counter.Add(2, new("stream", new string(stream)), new("status", 201));
        }

        _collector.Collect().ShouldContain(
            """
            # HELP test_events_total Events.
            # TYPE test_events_total counter
            test_events_total{stream="a",status="201"} 2
            test_events_total{stream="b",status="201"} 4

            """);
    }

    [Fact]
    public void MeasurementsInParallel_AreAllCounted()
    {
        var counter = _meter.CreateCounter<int>("test.events");

        Parallel.For(0, 40_000, number => counter.Add(1, new KeyValuePair<string, object?>("number", number % 1_000)));

        var lines = _collector.Collect().Split('\n').Where(static line => line.StartsWith("test_events_total{"));
        lines.Count(static line => line.EndsWith("\"} 40", StringComparison.Ordinal)).ShouldBe(1_000);
    }

    [Fact]
    public void LabelSetsBeyondTheLimit_AreCountedAsOverflow()
    {
        var counter = _meter.CreateCounter<long>("test.events");
        for (var number = 0; number < 12_005; number++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("number", number));
        }

        counter.Add(1, new KeyValuePair<string, object?>("number", 0));

        var text = _collector.Collect();
        text.ShouldContain("\ntest_events_total{number=\"0\"} 2\n");
        text.ShouldContain("\ntest_events_total{number=\"11999\"} 1\n");
        text.ShouldContain("\ntest_events_total{overflow=\"true\"} 5\n");
        text.ShouldNotContain("number=\"12000\"");
    }

    [Fact]
    public void ObservedStreamThatIsGone_IsNoLongerShown()
    {
        List<string> streams = ["stays", "goes"];
        _meter.CreateObservableGauge("test.size", () => streams.Select(static stream =>
            new Measurement<int>(7, new KeyValuePair<string, object?>("stream", stream))));
        _collector.Collect().ShouldContain("test_size{stream=\"goes\"} 7\n");

        streams.Remove("goes");

        var text = _collector.Collect();
        text.ShouldContain("test_size{stream=\"stays\"} 7\n");
        text.ShouldNotContain("goes");
    }

    [Fact]
    public void Histogram_CountsEachBucketWithTheSmallerOnes()
    {
        var duration = _meter.CreateHistogram(
            "test.duration", "s", "", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (var seconds in (double[])[0.5, 1, 30])
        {
            duration.Record(seconds, new KeyValuePair<string, object?>("status", 201));
        }

        _collector.Collect().ShouldContain(
            """
            # TYPE test_duration_seconds histogram
            test_duration_seconds_bucket{status="201",le="0.5"} 1
            test_duration_seconds_bucket{status="201",le="2"} 2
            test_duration_seconds_bucket{status="201",le="+Inf"} 3
            test_duration_seconds_sum{status="201"} 31.5
            test_duration_seconds_count{status="201"} 3

            """);
    }

    [Fact]
    public void LabelWithQuotesAndLineBreaks_IsEscaped()
    {
        _meter.CreateCounter<long>("test.events").Add(1, new KeyValuePair<string, object?>("stream", "a\"\\\nb"));

        _collector.Collect().ShouldContain("""test_events_total{stream="a\"\\\nb"} 1""");
    }
}
