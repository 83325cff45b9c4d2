using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Tests.Dream.Uris;

public sealed class OwnUrisTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("http://0.0.0.0:8192", "http://localhost:8192/pubsub")]
    [InlineData("http://[::]:8192/", "http://localhost:8192/pubsub")]
    [InlineData("http://127.0.0.1:8192/", "http://127.0.0.1:8192/pubsub")]
    [InlineData("http://10.0.0.1:8192 http://0.0.0.0:80", "http://10.0.0.1:8192/pubsub")]
    public void WithoutPublicUri_TheFirstListenerIsTheOwnUri(string listeners, string expected) =>
        Of(listeners.Split(' ')).Own.ShouldBe(expected);

    [Fact]
    public void PublicUri_IsTheOwnUri()
    {
        var own = Of(["http://10.0.0.1:8192"], "https://bus.example/x/pubsub/");
        own.Own.ShouldBe("https://bus.example/x/pubsub");
        NamesOf(own,
            "https://BUS.example:443/x/pubsub/", "http://10.0.0.1:8192/pubsub", "http://localhost:8192/pubsub",
            "http://127.0.0.1:8192/PubSub", "http://[::1]:8192/pubsub").ShouldAllBe(static isOwn => isOwn);
        NamesOf(own,
            "https://bus.example/pubsub", "http://10.0.0.1/pubsub", "http://10.0.0.1:8192", "http://localhost:8192/",
            "https://localhost:8192/pubsub", "http://10.0.0.2:8192/pubsub").ShouldAllBe(static isOwn => !isOwn);
    }

    /// <summary>Features ask before all listeners listen, and with port 0 the port is known afterwards only.</summary>
    [Fact]
    public void OwnUris_AreThoseOfAllListeners_AlsoIfTheyWereAskedForBefore()
    {
        using var server = new ListeningServer();
        var own = new OwnUris(server, server.Lifetime, new DreamOptions());
        own.Own.ShouldBe("http://localhost/pubsub");
        server.Listen("http://10.0.0.1:8192");
        own.Own.ShouldBe("http://10.0.0.1:8192/pubsub");
        server.Listen("http://10.0.0.2:8193");
        server.Lifetime.NotifyStarted();
        NamesOf(own, "http://10.0.0.1:8192/pubsub", "http://10.0.0.2:8193/pubsub")
            .ShouldAllBe(static isOwn => isOwn);
    }

    [Fact]
    public async Task Waiting_EndsWhenTheServerListens()
    {
        using var server = new ListeningServer("http://127.0.0.1:8192");
        var waiting = new OwnUris(server, server.Lifetime, new DreamOptions())
            .WhenKnownAsync(TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        server.Lifetime.NotifyStarted();
        await waiting.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Waiting_CanBeCancelled()
    {
        using var server = new ListeningServer();
        using var cancellation = new CancellationTokenSource();
        var waiting = new OwnUris(server, server.Lifetime, new DreamOptions())
            .WhenKnownAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            () => waiting.WaitAsync(s_limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void PublicUri_NeedsNoWaiting()
    {
        using var server = new ListeningServer();
        var own = new OwnUris(server, server.Lifetime, new DreamOptions { PublicUri = "http://bus/pubsub" });
        own.WhenKnownAsync(CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static OwnUris Of(string[] listeners, string publicUri = "")
    {
        var server = new ListeningServer(listeners);
        return new OwnUris(server, server.Lifetime, new DreamOptions { PublicUri = publicUri });
    }

    private static IEnumerable<bool> NamesOf(OwnUris own, params string[] names) => names.Select(name =>
    {
        DreamUri.TryParse(name, out var uri).ShouldBeTrue(name);
        return own.IsOwn(uri!);
    });
}
