using System.Net;
using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Access.Networks;

/// <summary>
/// The address that a request comes from, and whether it is trusted: the peer's address, or the one that a trusted
/// proxy forwarded. A page in a browser, or a client behind an unknown proxy, may also have a trusted address. Headers
/// reveal both, and such a request is not trusted.
/// </summary>
internal sealed class ClientAddress
{
    private const string OwnPseudonym = "wikibus";

    private readonly NetworkList _trusted;
    private readonly NetworkList _proxies;

    /// <param name="trustedNetworks">Networks whose machines may publish and read without a key.</param>
    /// <param name="trustedProxies">Networks of reverse proxies.</param>
    public ClientAddress(IReadOnlyList<string> trustedNetworks, IReadOnlyList<string> trustedProxies)
    {
        _trusted = new NetworkList(trustedNetworks);
        _proxies = new NetworkList(trustedProxies);
    }

    /// <summary>The address for limits per address; <see cref="IPAddress.None"/> for a Unix socket.</summary>
    public IPAddress Of(HttpContext context)
    {
        var peer = Peer(context);
        return IsProxy(peer) ? Forwarded(context.Request.Headers, out _) ?? peer : peer;
    }

    /// <summary>Does the request come from a trusted network, and need no key?</summary>
    public bool IsTrusted(HttpContext context)
    {
        var peer = Peer(context);
        var headers = context.Request.Headers;
        if (!IsProxy(peer))
        {
            return _trusted.Contains(peer) && RequestTraces.Of(headers) == RequestTrace.None;
        }

        // A request that this bus sent and that came back through the proxy is not trusted.
        return Forwarded(headers, out var isAgreed) is { } client
            && isAgreed
            && _trusted.Contains(client)
            && !RequestTraces.Of(headers).HasFlag(RequestTrace.Browser)
            && !headers.Via.ToString().Contains(OwnPseudonym, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Does the request come straight from this machine, without a proxy?</summary>
    public static bool IsLocal(HttpContext context) =>
        IPAddress.IsLoopback(Peer(context))
        && !RequestTraces.Of(context.Request.Headers).HasFlag(RequestTrace.Forwarded);

    private static IPAddress Peer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? NetworkList.Plain(address) : IPAddress.None;

    private bool IsProxy(IPAddress peer) => !_proxies.IsEmpty && _proxies.Contains(peer);

    // A proxy writes one of the headers; the other may come from its client. So if a request has both, both must name
    // a trusted address.
    private IPAddress? Forwarded(IHeaderDictionary headers, out bool isAgreed)
    {
        var forwardedFor = headers["X-Forwarded-For"];
        var forwarded = headers["Forwarded"];
        var first = StringValues.IsNullOrEmpty(forwardedFor)
            ? null : ForwardedAddress.FromForwardedFor(forwardedFor, _proxies);
        var second = StringValues.IsNullOrEmpty(forwarded)
            ? null : ForwardedAddress.FromForwarded(forwarded, _proxies);
        isAgreed = (StringValues.IsNullOrEmpty(forwardedFor) || (first is not null && _trusted.Contains(first)))
            && (StringValues.IsNullOrEmpty(forwarded) || (second is not null && _trusted.Contains(second)));
        return first ?? second;
    }
}
