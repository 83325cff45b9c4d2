using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Admin;

public sealed class MetricsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Scraped_AnswersPrometheusText()
    {
        using var response = await fixture.Server.Client.GetAsync("/metrics", TestTime.Token());

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var text = await response.Content.ReadAsStringAsync(TestTime.Token());
        text.ShouldContain("# TYPE wikibus_log_writable gauge\nwikibus_log_writable 1\n");
        text.ShouldContain("dotnet_process_memory_working_set_bytes ");
    }

    [Theory]
    [InlineData("wikibus_intake_body_bytes_total")]
    [InlineData("wikibus_intake_withdrawn_total")]
    [InlineData("wikibus_intake_outcome_unknown_total")]
    [InlineData("wikibus_intake_error_events_dropped_total")]
    [InlineData("wikibus_streaming_records_total")]
    [InlineData("wikibus_streaming_writes_total")]
    [InlineData("wikibus_streaming_bytes_total")]
    [InlineData("wikibus_streaming_write_timeouts_total")]
    public async Task CounterWithoutLabels_IsShownBeforeItCounts(string name)
    {
        var text = await fixture.Server.Client.GetStringAsync("/metrics", TestTime.Token());

        text.ShouldContain($"# TYPE {name} counter\n{name} 0\n");
    }

    [Fact]
    public async Task MetricThatCannotBeObserved_HidesNoOther_AndIsLoggedOnce()
    {
        await using var server = await RunningServer.StartAsync();
        server.Errors.Expect("could not be observed");
        using var meter = server.Services.GetRequiredService<IMeterFactory>().Create("WikiBus");
        Func<int> fails = static () => throw new InvalidDataException("broken");
        meter.CreateObservableGauge("wikibus.test.broken", fails);

        await server.Client.GetStringAsync("/metrics", TestTime.Token());
        var text = await server.Client.GetStringAsync("/metrics", TestTime.Token());

        text.ShouldContain("\nwikibus_log_writable 1\n");
        server.Errors.Lines.Count(static line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task ScrapedByAnybody_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");

        using var response = await fixture.Server.Client.SendAsync(request, TestTime.Token());

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task TwoServersInAProcess_CountApart()
    {
        await using var other = await RunningServer.StartAsync();

        var text = await other.Client.GetStringAsync("/metrics", TestTime.Token());

        text.Split('\n').Count(static line => line.StartsWith("wikibus_log_writable ", StringComparison.Ordinal))
            .ShouldBe(1);
    }
}
