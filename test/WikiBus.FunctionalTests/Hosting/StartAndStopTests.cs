using System.Globalization;
using System.Net;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class StartAndStopTests
{
    [Fact]
    public async Task UnknownPath_AnswersThePageOfEventGate()
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Client.GetAsync("/no/such/place", TestTime.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(TestTime.Token()))
            .ShouldContain("<pre>Cannot GET /no/such/place</pre>");
    }

    [Fact]
    public async Task Terminated_ExitsWithSuccessAndReleasesTheData()
    {
        using var directory = new TestDirectory();
        await using (var first = await ServerProcess.StartAsync(directory.Combine("data")))
        {
            (await first.TerminateAsync()).ShouldBe(0);
            first.Error.ShouldContain("Stopped; the log is closed");
        }

        await using var second = await ServerProcess.StartAsync(directory.Combine("data"));
        (await second.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Killed_StartsAgainOnTheSameData()
    {
        using var directory = new TestDirectory();
        await using (var first = await ServerProcess.StartAsync(directory.Combine("data")))
        {
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(directory.Combine("data"));
        (await second.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task DataInUse_SecondProcessSaysSoAndExitsWithOne()
    {
        using var directory = new TestDirectory();
        await using var first = await ServerProcess.StartAsync(directory.Combine("data"));

        var second = await WikiBusBinary.RunAsync(
            ["serve", "--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0"]);

        second.ExitCode.ShouldBe(1);
        second.Output.ShouldBeEmpty();
        second.Error.ShouldBe(
            $"wikibus: Another wikibus runs on '{directory.Combine("data")}': "
            + "stop it, or name another folder with --data.\n");
    }

    [Fact]
    public async Task AddressInUse_SaysSoAndExitsWithOne()
    {
        using var directory = new TestDirectory();
        await using var first = await ServerProcess.StartAsync(directory.Combine("data"));
        var address = first.Address.GetLeftPart(UriPartial.Authority);

        var second = await WikiBusBinary.RunAsync(["serve", "--data", directory.Combine("other"), "--listen", address]);

        second.ExitCode.ShouldBe(1);
        second.Output.ShouldBeEmpty();
        second.Error.ShouldBe(
            $"wikibus: Cannot listen: failed to bind to {address}: address already in use; "
            + "--listen or Hosting:Listen chooses another address\n");
        Directory.Exists(directory.Combine("other")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://*:PORT")]
    [InlineData("http://localhost:PORT")]
    public async Task AddressInUseByAnother_IsToldForEveryFormOfAddress(string listen)
    {
        using var directory = new TestDirectory();
        await using var first = await ServerProcess.StartAsync(directory.Combine("data"));
        var address = listen.Replace(
            "PORT", first.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        var second = await WikiBusBinary.RunAsync(["serve", "--data", directory.Combine("other"), "--listen", address]);

        second.ExitCode.ShouldBe(1);
        second.Error.ShouldStartWith($"wikibus: Cannot listen: failed to bind to {address}: address already in use");
        second.Error.Count(static letter => letter == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task LocalhostWithPortZero_ListensOnBothLoopbackAddressesWithOnePort()
    {
        await using var server = await RunningServer.StartAsync(("Hosting:Listen:0", "http://localhost:0"));
        var port = server.Address.Port;

        foreach (var host in Loopbacks())
        {
            using var response = await server.Client.GetAsync($"http://{host}:{port}/healthz", TestTime.Token());
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task SeveralAddresses_AreAllListenedOn()
    {
        await using var server = await RunningServer.StartAsync(
            ("Hosting:Listen:0", "http://127.0.0.1:0"), ("Hosting:Listen:1", "http://127.0.0.1:0"));

        server.Addresses.Count.ShouldBe(2);
        foreach (var address in server.Addresses)
        {
            using var response = await server.Client.GetAsync($"{address}/healthz", TestTime.Token());
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task HeadersAboveTheLimit_Answer431()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("X-Large", new string('x', 17 << 10));

        using var response = await server.Client.SendAsync(request, TestTime.Token());

        ((int)response.StatusCode).ShouldBe(431);
    }

    private static IEnumerable<string> Loopbacks() =>
        System.Net.Sockets.Socket.OSSupportsIPv6 ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];
}
