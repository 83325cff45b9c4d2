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
