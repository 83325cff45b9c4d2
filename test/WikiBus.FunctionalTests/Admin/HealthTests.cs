using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Storage;

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

    [Fact]
    public async Task FrozenDisk_IsNotReadyUntilItAnswers()
    {
        var disk = new TroubledDisk();
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<IFileSystem>(disk));
        disk.HoldFlushes();
        var append = TestEvents.AppendAsync(server, "a.event", 0);
        (await ReasonAsync(server.Client, "/readyz")).ShouldContain("The disk does not answer");
        disk.ReleaseFlushes();
        await append;
        (await server.Client.GetAsync("/readyz", TestTime.Token())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("data/log")]
    [InlineData("data")]
    public async Task DirectoryThatIsDeleted_IsNotReady(string name)
    {
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(directory.Combine("data"));
        Directory.Delete(directory.Combine(name), recursive: true);
        using var client = new HttpClient { Timeout = TestTime.Limit };
        (await ReasonAsync(client, new Uri(server.Address, "/readyz").AbsoluteUri)).ShouldContain("deleted, moved");
        var metrics = await client.GetStringAsync(new Uri(server.Address, "/metrics"), TestTime.Token());
        metrics.ShouldContain("\nwikibus_log_writable 0\n");
        metrics.ShouldNotContain("\nwikibus_log_free_bytes ");
    }

    [Fact]
    public async Task OpenSegmentThatIsMoved_IsNotReadyUntilItIsBack()
    {
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(directory.Combine("data"));
        var path = Directory.GetFiles(directory.Combine("data/log"), "*.segment").Single();
        File.Move(path, directory.Combine("moved"));
        using var client = new HttpClient { Timeout = TestTime.Limit };
        var address = new Uri(server.Address, "/readyz");
        (await ReasonAsync(client, address.AbsoluteUri)).ShouldBe(
            $"{path} was deleted, moved or replaced while the log is open.");

        File.Move(directory.Combine("moved"), path);
        var limit = TestTime.Token();
        while ((await client.GetAsync(address, limit)).StatusCode != HttpStatusCode.OK)
        {
            limit.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Asks until it is not ready; returns why.</summary>
    private static async Task<string> ReasonAsync(HttpClient client, string address)
    {
        var limit = TestTime.Token();
        while (true)
        {
            using var response = await client.GetAsync(address, limit);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                var answer = await response.Content.ReadFromJsonAsync<JsonElement>(limit);
                return answer.GetProperty("reasons")[0].GetString()!;
            }
        }
    }
}
