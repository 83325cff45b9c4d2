using System.Globalization;
using WikiBus.Server.Deliveries.Guard;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>Whose connections are used, and when they are closed.</summary>
public sealed class GuardedClientsTests : IDisposable
{
    private const string Url = "http://8.8.8.8/";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly ScriptedNetwork _network = new(new Recipient().ServeAsync);
    private readonly GuardedSending _sending;

    public GuardedClientsTests() => _sending = new GuardedSending(_network);

    public void Dispose() => _sending.Dispose();

    [Fact]
    public async Task OwnersNextRequest_UsesTheSameConnection()
    {
        await _sending.PostAsync(Url);
        await _sending.PostAsync(Url, new TargetNetworks([], []));

        _network.Connects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task OtherOwner_HasConnectionsOfItsOwn()
    {
        await _sending.PostAsync(Url);
        await _sending.PostAsync(Url, owner: "two");

        _network.Connects.Count.ShouldBe(2);
    }

    /// <summary>Otherwise a connection to an address that is no longer allowed would live on.</summary>
    [Fact]
    public async Task OwnerThatLosesANetwork_LosesItsConnections()
    {
        var networks = new TargetNetworks(["10.0.0.0/8"], []);
        (await _sending.PostAsync("http://10.1.2.3/", networks)).ShouldBeOfType<SendResult.Answered>();

        (await _sending.PostAsync("http://10.1.2.3/")).ShouldBeOfType<SendResult.Unreached>();

        _network.Connects.Count.ShouldBe(1);
        _sending.Clients.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PoolThatIsNotUsed_IsClosed()
    {
        await _sending.PostAsync(Url);
        await _sending.PostAsync(Url, owner: "two");
        _sending.Clients.Count.ShouldBe(2);

        _sending.Time.Advance(GuardedClients.PoolIdleTimeMax);
        await _sending.PostAsync(Url, owner: "three");

        _sending.Clients.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PoolsAtTheLimit_TheOldestIsClosed()
    {
        for (var owner = 0; owner <= GuardedClients.PoolsMax; owner++)
        {
            _sending.Time.Advance(TimeSpan.FromMilliseconds(1));
            await UseAsync(owner.ToString(CultureInfo.InvariantCulture), static _ => Task.FromResult(true));
        }

        _sending.Clients.Count.ShouldBe(GuardedClients.PoolsMax);
        HttpMessageInvoker? first = null;
        await UseAsync("1", invoker => Task.FromResult(first = invoker));
        await UseAsync("0", static _ => Task.FromResult(true));
        HttpMessageInvoker? second = null;
        await UseAsync("1", invoker => Task.FromResult(second = invoker));
        second.ShouldBeSameAs(first);
    }

    [Fact]
    public async Task PoolInUse_IsClosedAfterItsLastRequest()
    {
        var (isUsed, end) = (new TaskCompletionSource<HttpMessageInvoker>(), new TaskCompletionSource<bool>());
        var use = UseAsync("one", invoker =>
        {
            isUsed.SetResult(invoker);
            return end.Task;
        });
        var invoker = await isUsed.Task.WaitAsync(s_limit, CancellationToken.None);
        await _sending.PostAsync(Url, new TargetNetworks(["10.0.0.0/8"], []));

        using var during = new HttpRequestMessage(HttpMethod.Get, new Uri(Url));
        using var answer = await invoker.SendAsync(during, CancellationToken.None)
            .WaitAsync(s_limit, CancellationToken.None);
        end.SetResult(true);
        await use.WaitAsync(s_limit, CancellationToken.None);

        using var after = new HttpRequestMessage(HttpMethod.Get, new Uri(Url));
        await Should.ThrowAsync<ObjectDisposedException>(() => invoker.SendAsync(after, CancellationToken.None));
    }

    private Task<T> UseAsync<T>(string owner, Func<HttpMessageInvoker, Task<T>> work) =>
        _sending.Clients.UseAsync(owner, TargetNetworks.None, work);
}
