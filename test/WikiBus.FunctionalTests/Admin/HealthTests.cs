using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Admin;

public sealed class HealthTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Running_IsAlive()
    {
        using var response = await fixture.Server.Client.GetAsync("/healthz", TestTime.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestTime.Token())).ShouldBe("""{"status":"ok"}""");
    }

    [Fact]
    public async Task Running_IsReady()
    {
        var answer = await fixture.Server.Client.GetFromJsonAsync<JsonElement>("/readyz", TestTime.Token());

        answer.GetProperty("status").GetString().ShouldBe("ready");
        answer.GetProperty("reasons").GetArrayLength().ShouldBe(0);
        answer.GetProperty("log").GetProperty("writable").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task SpaceBelowTheMinimum_IsNotReadyAndSaysWhy()
    {
        await using var server = await RunningServer.StartAsync(("Log:FreeBytesMin", "1024 TiB"));
        server.Errors.Expect("Disk space is low");

        using var response = await server.Client.GetAsync("/readyz", TestTime.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestTime.Token());
        answer.GetProperty("status").GetString().ShouldBe("not ready");
        answer.GetProperty("reasons").GetArrayLength().ShouldBe(1);
    }
}
