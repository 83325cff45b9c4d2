using System.Net;
using WikiBus.Server.Access.Keys;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class SecretQueueTests
{
    private readonly SecretQueue _queue = new();

    [Fact]
    public void Networks_TakeTurns()
    {
        foreach (var secret in (string[])["a1", "a2", "a3"])
        {
            Add("192.0.2.1", secret).ShouldBeTrue();
        }

        Add("192.0.2.2", "b1").ShouldBeTrue();
        Take(5).ShouldBe(["a1", "b1", "a2", "a3", null]);
    }

    [Fact]
    public void Network_HasALimit_UntilItsSecretsAreTaken()
    {
        Enumerable.Range(0, SecretQueue.CountPerNetworkMax).ShouldAllBe(n => Add("192.0.2.1", $"a{n}"));
        Add("192.0.2.1", "more").ShouldBeFalse();
        Add("192.0.2.2", "b").ShouldBeTrue();
        Take(1);
        Add("192.0.2.1", "more").ShouldBeTrue();
    }

    [Fact]
    public void All_HaveOneLimit()
    {
        Enumerable.Range(0, SecretQueue.CountMax).ShouldAllBe(n => Add($"10.0.{n / 256}.{n % 256}", "a"));
        Add("192.0.2.1", "more").ShouldBeFalse();
        Take(1);
        Add("192.0.2.1", "more").ShouldBeTrue();
    }

    private bool Add(string network, string secret) =>
        _queue.TryAdd(IPAddress.Parse(network), new WaitingSecret(secret, secret));

    private List<string?> Take(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _queue.Take()?.Secret)];
}
