using System.Net;
using System.Net.Security;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// Connections to targets, kept for further requests: a pool for each owner, so that nobody uses the connections of
/// another. A pool is closed when its owner's networks change, when it is not used for a time, or when there are too
/// many; but not before its last request ended.
/// </summary>
internal sealed class GuardedClients(
    GuardedConnector connector, TargetCertificates certificates, DeliveriesOptions options, TimeProvider time)
    : IDisposable
{
    /// <summary>Most pools. At the limit, the one that was not used for the longest time is closed.</summary>
    public const int PoolsMax = 1_000;

    /// <summary>A pool without a request for this time is closed.</summary>
    public static readonly TimeSpan PoolIdleTimeMax = TimeSpan.FromMinutes(5);

    /// <summary>A connection without a request for this time is closed.</summary>
    private static readonly TimeSpan s_connectionIdleTimeMax = TimeSpan.FromSeconds(20);

    /// <summary>An older connection is closed after its request, so that changes of DNS are noticed.</summary>
    private static readonly TimeSpan s_connectionAgeMax = TimeSpan.FromMinutes(2);

    /// <summary>Most KiB of an answer's head.</summary>
    private const int AnswerHeadKibMax = 16;

    private readonly SslClientAuthenticationOptions _tls = certificates.ToSslOptions();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GuardedClient> _clients = new(StringComparer.Ordinal);
    private long _sweptAt = time.GetTimestamp();

    /// <summary>The number of pools that new requests may use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>Lets <paramref name="work"/> use the connections of the owner.</summary>
    public async Task<T> UseAsync<T>(string owner, TargetNetworks networks, Func<HttpMessageInvoker, Task<T>> work)
    {
        var client = Take(owner, networks);
        try
        {
            return await work(client.Invoker);
        }
        finally
        {
            GiveBack(client);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var owner in _clients.Keys)
            {
                Retire(owner);
            }
        }
    }

    private GuardedClient Take(string owner, TargetNetworks networks)
    {
        lock (_lock)
        {
            Sweep();
            if (_clients.TryGetValue(owner, out var client) && !client.Networks.Equals(networks))
            {
                Retire(owner);
                client = null;
            }

            if (client is null)
            {
                MakeRoom();
                client = new GuardedClient(NewInvoker(networks), networks);
                _clients.Add(owner, client);
            }

            client.RequestCount++;
            client.UsedAt = time.GetTimestamp();
            return client;
        }
    }

    private void GiveBack(GuardedClient client)
    {
        lock (_lock)
        {
            client.RequestCount--;
            client.UsedAt = time.GetTimestamp();
            CloseIfDone(client);
        }
    }

    private void Sweep()
    {
        if (time.GetElapsedTime(_sweptAt) < PoolIdleTimeMax)
        {
            return;
        }

        _sweptAt = time.GetTimestamp();
        foreach (var (owner, client) in _clients)
        {
            if (client.RequestCount == 0 && time.GetElapsedTime(client.UsedAt) >= PoolIdleTimeMax)
            {
                Retire(owner);
            }
        }
    }

    private void MakeRoom()
    {
        if (_clients.Count >= PoolsMax)
        {
            Retire(_clients.MinBy(static one => one.Value.UsedAt).Key);
        }
    }

    private void Retire(string owner)
    {
        if (_clients.Remove(owner, out var client))
        {
            client.IsRetired = true;
            CloseIfDone(client);
        }
    }

    private static void CloseIfDone(GuardedClient client)
    {
        if (client is { IsRetired: true, RequestCount: 0 })
        {
            client.Invoker.Dispose();
        }
    }

    private HttpMessageInvoker NewInvoker(TargetNetworks networks) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(
            context.DnsEndPoint.Host, context.DnsEndPoint.Port, networks, cancellationToken),
        ConnectTimeout = options.ConnectTimeout, // includes TLS
        MaxResponseDrainSize = 0, // an answer that is too long costs its connection
        MaxResponseHeadersLength = AnswerHeadKibMax,
        PooledConnectionIdleTimeout = s_connectionIdleTimeMax,
        PooledConnectionLifetime = s_connectionAgeMax,
        SslOptions = _tls,
        UseCookies = false,
        UseProxy = false,
    });
}
