using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>The process inherits its listening socket, as from a socket unit of systemd.</summary>
public sealed class SocketActivationTests
{
    [Fact]
    public async Task ClientThatConnectsDuringARestart_IsAnswered()
    {
        using var directory = new TestDirectory();
        await using var parent = await SocketParent.StartAsync("serve", "--data", directory.Combine("data"));
        (await parent.StartServerAsync()).ShouldBe(parent.Address);
        (await PostAsync(parent.Address)).Status.ShouldBe(201);

        await parent.StopServerAsync();
        using var waiting = await RawHttp.ConnectAsync(parent.Address);
        await waiting.WriteAsync(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
        await parent.StartServerAsync();

        (await waiting.ReadResponseAsync()).Status.ShouldBe(200);
        (await PostAsync(parent.Address)).Status.ShouldBe(201);
        await parent.StopServerAsync();
    }

    [Fact]
    public async Task SocketInherited_IsClosedInProgramsThatTheProcessWouldStart()
    {
        const int CloseOnExec = 0x80000;
        using var directory = new TestDirectory();
        await using var parent = await SocketParent.StartAsync("serve", "--data", directory.Combine("data"));
        await parent.StartServerAsync();

        var lines = await File.ReadAllLinesAsync(
            $"/proc/{parent.ServerId}/fdinfo/3", TestTime.Token());
        var flags = lines.Single(static line => line.StartsWith("flags:", StringComparison.Ordinal))[6..].Trim();

        (Convert.ToInt32(flags, 8) & CloseOnExec).ShouldBe(CloseOnExec);
    }

    [Fact]
    public async Task AddressConfiguredBesideTheSocket_IsListenedOnToo()
    {
        using var directory = new TestDirectory();
        await using var parent = await SocketParent.StartAsync(
            "serve", "--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0");

        var addresses = new[] { await parent.StartServerAsync(), await parent.ReadAddressAsync() };

        addresses.ShouldContain(parent.Address);
        addresses[0].ShouldNotBe(addresses[1]);
        foreach (var address in addresses)
        {
            (await PostAsync(address)).Status.ShouldBe(201);
        }
    }

    [Fact]
    public async Task SocketsOfAnotherProcess_AreNotTaken()
    {
        using var directory = new TestDirectory();

        await using var server = await ServerProcess.StartAsync(
            ["--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0"],
            new Dictionary<string, string> { ["LISTEN_PID"] = "1", ["LISTEN_FDS"] = "1" });

        (await PostAsync(server.Address)).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("many", "LISTEN_FDS: 'many' is not allowed; 1 to 64 is")]
    [InlineData("65", "LISTEN_FDS: '65' is not allowed; 1 to 64 is")]
    public async Task NumberOfSocketsThatIsNone_IsAFaultOfTheConfiguration(string count, string fault)
    {
        using var directory = new TestDirectory();
        await using var parent = await SocketParent.StartAsync("serve", "--data", directory.Combine("data"));

        var said = await parent.FailServerAsync(count);

        said.ShouldContain(fault);
        said.ShouldEndWith("exit 2");
    }

    [Fact]
    public async Task DescriptorThatIsNoListeningSocket_IsSaid()
    {
        using var directory = new TestDirectory();
        await using var parent = await SocketParent.StartAsync("serve", "--data", directory.Combine("data"));

        var said = await parent.FailServerAsync("2");

        said.ShouldContain("wikibus: Cannot listen: the inherited descriptor 4 is not a listening TCP socket");
        said.ShouldEndWith("exit 1");
        Directory.Exists(directory.Combine("data")).ShouldBeFalse();
    }

    private static Task<RawResponse> PostAsync(Uri address) => RawHttp.SendAsync(
        address, "POST", "/v1/events", [("Content-Type", "application/json")],
        Encoding.UTF8.GetBytes(IntakePost.Event));
}
