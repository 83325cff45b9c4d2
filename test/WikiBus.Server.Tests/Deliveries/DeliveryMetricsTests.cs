using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>The metrics of deliveries, as <c>GET /metrics</c> shows them.</summary>
public sealed class DeliveryMetricsTests
{
    private static readonly DeliveryResult s_done = new(Verdict.Done, 200);
    private static readonly DeliveryResult s_failed = new(Verdict.Failed, 500, "500");
    private static readonly DeliveryResult s_down = new(Verdict.Down, Message: "refused", Reason: "refused");
    private static readonly DeliveryResult s_gone = new(Verdict.Gone, 410, "410");

    [Fact]
    public async Task Subscriptions_AreCountedByState_AlsoStatesThatNoneHas()
    {
        await using var engine = await TestEngine.StartAsync();
        var down = await engine.SubscribeAsync("down");
        var gone = await engine.SubscribeAsync("gone");
        await engine.SubscribeAsync("good");
        engine.Feature.Answer = request => Task.FromResult(
            request.Number == down.Number ? s_down : request.Number == gone.Number ? s_gone : s_done);
        await engine.AppendAsync(3);
        await engine.SettleAsync();

        var metrics = engine.Metrics();

        metrics.ShouldContain("wikibus_deliveries_subscriptions{feature=\"scripted\",state=\"active\"} 1\n");
        metrics.ShouldContain("wikibus_deliveries_subscriptions{feature=\"scripted\",state=\"down\"} 1\n");
        metrics.ShouldContain("wikibus_deliveries_subscriptions{feature=\"scripted\",state=\"gone\"} 1\n");
        metrics.ShouldContain("wikibus_deliveries_subscriptions{feature=\"scripted\",state=\"suspended\"} 0\n");
        metrics.ShouldContain("wikibus_deliveries_destinations_down{reason=\"refused\"} 1\n");
        metrics.ShouldContain("wikibus_deliveries_tries_total{feature=\"scripted\",verdict=\"done\"} 3\n");
        metrics.ShouldContain("wikibus_deliveries_uncommitted 0\n");
        metrics.ShouldContain("wikibus_deliveries_running 0\n");
        engine.Logger.Lines.ShouldContain(
            "Warning: The subscription gone is gone and gets nothing until somebody resumes it: "
            + "the recipient wants nothing any more ");
    }

    [Fact]
    public async Task Lag_IsShownInPositionsAndInTime()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("behind");
        await engine.SubscribeAsync("good", "streams=b");
        engine.Feature.Answer = static _ => Task.FromResult(s_down);
        await engine.AppendAsync(7);
        await engine.SettleAsync();
        await engine.AdvanceAsync(TimeSpan.FromMinutes(5));

        var metrics = engine.Metrics();

        Value(metrics, "wikibus_deliveries_lag{subscription=\"behind\"}").ShouldBe(7);
        Value(metrics, "wikibus_deliveries_lag_age_seconds{subscription=\"behind\"}").ShouldBeInRange(300, 600);
        Value(metrics, "wikibus_deliveries_lag{subscription=\"good\"}").ShouldBe(0);
        Value(metrics, "wikibus_deliveries_lag_age_seconds{subscription=\"good\"}").ShouldBe(0);
        Value(metrics, "wikibus_deliveries_queued_bytes").ShouldBeGreaterThan(7 * 200);
    }

    [Fact]
    public async Task WaitingAndDead_AreCountedWithTheirBytesAndAge()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s");
        engine.Feature.Answer = request => Task.FromResult(request.Record.Offset < 2 ? s_failed : s_done);
        await engine.AppendAsync(3, key: static index => $"{index}");
        await engine.AdvanceAsync(TimeSpan.FromSeconds(20));
        var waiting = engine.Metrics();

        Value(waiting, "wikibus_deliveries_waiting").ShouldBe(2);
        Value(waiting, "wikibus_deliveries_dead").ShouldBe(0);
        Value(waiting, "wikibus_deliveries_stored_bytes{kind=\"waiting\"}").ShouldBeGreaterThan(400);
        await engine.UntilAsync(
            () => Value(engine.Metrics(), "wikibus_deliveries_waiting_age_seconds{subscription=\"s\"}") >= 20,
            TimeSpan.FromSeconds(1), stepsMax: 100);

        await engine.UntilAsync(() => engine.StatusOf("s").Dead == 2, TimeSpan.FromHours(1), stepsMax: 24 * 10);
        var dead = engine.Metrics();
        Value(dead, "wikibus_deliveries_waiting").ShouldBe(0);
        Value(dead, "wikibus_deliveries_waiting_age_seconds{subscription=\"s\"}").ShouldBe(0);
        Value(dead, "wikibus_deliveries_dead").ShouldBe(2);
        Value(dead, "wikibus_deliveries_stored_bytes{kind=\"waiting\"}").ShouldBe(0);
        Value(dead, "wikibus_deliveries_stored_bytes{kind=\"dead\"}").ShouldBeGreaterThan(400);
    }

    [Fact]
    public async Task LostRangesAndExpiredRecords_AreCounted()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SubscribeAsync("s", "expire=60");
        await engine.Subscriptions.PauseAsync(ScriptedFeature.FeatureName, "s");
        await engine.AppendAsync(4);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        await engine.Subscriptions.ResumeAsync(ScriptedFeature.FeatureName, "s", fromNow: false);
        await engine.SettleAsync();
        engine.Metrics().ShouldContain("wikibus_deliveries_expired_total{feature=\"scripted\"} 4\n");

        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Data, "log"), recursive: true));

        engine.Metrics().ShouldContain("wikibus_deliveries_lost_ranges_total{reason=\"foreign-log\"} 1\n");
    }

    [Fact]
    public async Task MoreSubscriptionsThanLabels_ShowsThoseThatAreFurthestBehind()
    {
        await using var engine = await TestEngine.StartAsync();
        for (var number = 0; number < DeliveryMetrics.LabelCountMax; number++)
        {
            await engine.SubscribeAsync($"s{number}", "streams=b");
        }

        await engine.SubscribeAsync("behind");
        engine.Feature.Answer = static _ => Task.FromResult(s_down);
        await engine.AppendAsync(1);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        var lags = engine.Metrics().Split('\n')
            .Where(static line => line.StartsWith("wikibus_deliveries_lag{", StringComparison.Ordinal)).ToList();

        lags.Count.ShouldBe(DeliveryMetrics.LabelCountMax);
        lags.ShouldContain("wikibus_deliveries_lag{subscription=\"behind\"} 1");
    }

    private static double Value(string metrics, string series) => double.Parse(
        metrics.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[series.Length..],
        System.Globalization.CultureInfo.InvariantCulture);
}
