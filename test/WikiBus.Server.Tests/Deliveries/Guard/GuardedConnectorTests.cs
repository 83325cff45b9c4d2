using System.Net;
using System.Net.Sockets;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>What is connected to, and what never is.</summary>
public sealed class GuardedConnectorTests : IDisposable
{
    private readonly Recipient _recipient = new();
    private readonly ScriptedNetwork _network;
    private readonly GuardedSending _sending;

    public GuardedConnectorTests()
    {
        _network = new ScriptedNetwork(_recipient.ServeAsync);
        _sending = new GuardedSending(_network);
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>Also past the check at creation, and although every name has an address of this machine.</summary>
    [Theory]
    [MemberData(nameof(HostileUrls.BlockedAtCreation), MemberType = typeof(HostileUrls))]
    public async Task HostileUrl_NeverGetsAConnection(string url, string reason)
    {
        _network.Names = static _ => [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("5.6.7.8")];
        _network.Own = [IPAddress.Loopback, IPAddress.Parse("5.6.7.8")];
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            await _sending.PostAsync(url);
        }

        _network.Connects.ShouldBeEmpty(reason);
        _recipient.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://example.org/", "93.184.216.34:80")]
    [InlineData("http://example.org:8080/a?b=c", "93.184.216.34:8080")]
    [InlineData("http://six.example.org/", "[2606:4700::1111]:80")]
    [InlineData("http://8.8.8.8/", "8.8.8.8:80")]
    [InlineData("http://[2606:4700::1111]:81/", "[2606:4700::1111]:81")]
    [InlineData("http://localhost:9000/", "127.0.0.1:9000")]
    [InlineData("http://127.0.0.1:9000/", "127.0.0.1:9000")]
    [InlineData("http://[::1]:9000/", "[::1]:9000")]
    [InlineData("http://10.1.2.3/", "10.1.2.3:80")]
    [InlineData("http://wiki/", "192.168.7.7:80")]
    [InlineData("http://[::ffff:10.1.2.3]/", "[::ffff:10.1.2.3]:80")]
    public async Task AllowedTarget_IsReached(string url, string target)
    {
        _network.Name("example.org", "93.184.216.34");
        _network.Name("six.example.org", "2606:4700::1111");
        _network.Name("localhost", "127.0.0.1");
        _network.Name("wiki", "192.168.7.7");
        var networks = new TargetNetworks(["127.0.0.0/8", "::1", "10.1.0.0/16"], ["wiki"]);

        var result = await _sending.PostAsync(url, networks);

        result.ShouldBe(new SendResult.Answered(200, null, "ok"));
        _network.Connects.ShouldHaveSingleItem().ToString().ShouldBe(target);
    }

    [Fact]
    public async Task BlockedName_IsToldWithItsNetworkAlone()
    {
        _network.Name("inside.example", "10.1.2.3", "10.1.2.4");

        (await _sending.PostAsync("http://inside.example/")).ShouldBe(
            new SendResult.Unreached(UnreachedReason.Guard, "blocked: 10.1.2.3 is in 10.0.0.0/8"));
        _network.Connects.ShouldBeEmpty();
    }

    [Fact]
    public async Task NameWithAllowedAndBlockedAddresses_ConnectsOnlyToTheAllowedOne()
    {
        _network.Name("mixed.example", "127.0.0.1", "10.0.0.1", "::1", "8.8.8.8", "169.254.169.254");

        (await _sending.PostAsync("http://mixed.example/")).ShouldBeOfType<SendResult.Answered>();

        _network.Connects.ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("8.8.8.8"));
    }

    [Fact]
    public async Task NameThatChangesItsAddress_IsLookedUpOnceForEachConnection()
    {
        var answers = new Queue<string>(["8.8.8.8", "127.0.0.1", "127.0.0.1"]);
        _network.Names = _ => [IPAddress.Parse(answers.Dequeue())];

        (await _sending.PostAsync("http://rebinding.example/")).ShouldBeOfType<SendResult.Answered>();

        _network.Lookups.Count.ShouldBe(1);
        _network.Connects.ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("8.8.8.8"));
        (await _sending.PostAsync("http://rebinding.example/", owner: "two"))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Guard);
        _network.Connects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AddressesWithZone_AreNotConnected()
    {
        _network.Name("zone.example", "fe80::1%1");
        var networks = new TargetNetworks(["::/0"], ["zone.example"]);

        (await _sending.PostAsync("http://zone.example/", networks))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Guard);
        _network.Connects.ShouldBeEmpty();
    }

    [Fact]
    public async Task FirstAddressThatRefuses_IsFollowedByTheNext()
    {
        _network.Name("two.example", "8.8.8.8", "8.8.4.4");
        _network.BeforeConnect = static (target, _) => target.Address.Equals(IPAddress.Parse("8.8.8.8"))
            ? throw new SocketException((int)SocketError.ConnectionRefused) : Task.CompletedTask;

        (await _sending.PostAsync("http://two.example/")).ShouldBeOfType<SendResult.Answered>();

        _network.Connects.Select(static target => target.Address.ToString()).ShouldBe(["8.8.8.8", "8.8.4.4"]);
    }

    [Fact]
    public async Task AddressesThatHang_ShareTheTimeToConnect()
    {
        _network.Name("two.example", "8.8.8.8", "8.8.4.4");
        var hanging = new SemaphoreSlim(0);
        _network.BeforeConnect = async (_, cancellationToken) =>
        {
            hanging.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, _sending.Time, cancellationToken);
        };

        var result = _sending.PostAsync("http://two.example/");
        for (var address = 1; address <= 2; address++)
        {
            (await hanging.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue();
            _network.Connects.Count.ShouldBe(address);
            _sending.Time.Advance(_sending.Options.ConnectTimeout / 2);
        }

        (await result).ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.ConnectTimeout);
    }

    [Fact]
    public async Task ManyAddresses_AreNotAllTried()
    {
        _network.Names = static _ =>
            [.. Enumerable.Range(1, 100).Select(static last => IPAddress.Parse($"8.8.8.{last}"))];
        _network.BeforeConnect = static (_, _) => throw new SocketException((int)SocketError.HostUnreachable);

        (await _sending.PostAsync("http://many.example/"))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.Refused);

        _network.Connects.Count.ShouldBe(GuardedConnector.AddressesMax);
    }

    [Fact]
    public async Task UnknownName_IsUnreached()
    {
        (await _sending.PostAsync("http://unknown.example/"))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.NameResolution);
        _network.Names = static _ => [];
        (await _sending.PostAsync("http://unknown.example/"))
            .ShouldBeOfType<SendResult.Unreached>().Reason.ShouldBe(UnreachedReason.NameResolution);
    }

    /// <summary>The environment's proxy is HttpClient.DefaultProxy. Other tests are not affected by this one.</summary>
    [Fact]
    public async Task ProxyOfTheEnvironment_IsNotUsed()
    {
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyForOneHost();
        try
        {
            _network.Name(ProxyForOneHost.Host, "8.8.8.8");

            (await _sending.PostAsync($"http://{ProxyForOneHost.Host}/")).ShouldBeOfType<SendResult.Answered>();

            _network.Connects.ShouldHaveSingleItem().ToString().ShouldBe("8.8.8.8:80");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private sealed class ProxyForOneHost : IWebProxy
    {
        public const string Host = "proxied.example";

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => new("http://9.9.9.9:3128/");

        public bool IsBypassed(Uri host) => host.Host != Host;
    }
}
