using System.Net;
using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Access;

/// <summary>
/// Whose request it is, by address: the peer's, or the one that a trusted proxy forwarded. A page in a browser and a
/// client behind a proxy that is not ours come from the machine, too, but are not the machine: what gives them away
/// takes trust.
/// </summary>
internal sealed class ClientAddress
{
    private const string OwnPseudonym = "wikibus";

    private readonly NetworkList _trusted;
    private readonly NetworkList _proxies;

    public ClientAddress(AccessOptions options)
    {
        _trusted = new NetworkList(options.TrustedNetworks);
        _proxies = new NetworkList(options.TrustedProxies);
    }

    /// <summary>
    /// The address that limits per address count for; <see cref="IPAddress.None"/> for a Unix socket.
    /// </summary>
    public IPAddress Of(HttpContext context)
    {
        var peer = Peer(context);
        return IsProxy(peer) ? Forwarded(context.Request.Headers, out _) ?? peer : peer;
    }

    /// <summary>May the request do without a key what a trusted network may?</summary>
    public bool IsTrusted(HttpContext context)
    {
        var peer = Peer(context);
        var headers = context.Request.Headers;
        if (!IsProxy(peer))
        {
            return _trusted.Contains(peer) && RequestTraces.Of(headers) == RequestTrace.None;
        }

        // A request that went out from here has no trust when it comes back by way of the proxy.
        return Forwarded(headers, out var isAgreed) is { } client
            && isAgreed
            && _trusted.Contains(client)
            && !RequestTraces.Of(headers).HasFlag(RequestTrace.Browser)
            && !headers.Via.ToString().Contains(OwnPseudonym, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Does the request come from this machine, not forwarded by anybody?</summary>
    public static bool IsLocal(HttpContext context) =>
        IPAddress.IsLoopback(Peer(context))
        && !RequestTraces.Of(context.Request.Headers).HasFlag(RequestTrace.Forwarded);

    private static IPAddress Peer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? NetworkList.Plain(address) : IPAddress.None;

    private bool IsProxy(IPAddress peer) => !_proxies.IsEmpty && _proxies.Contains(peer);

    // A proxy writes one of the headers; the other may come from its client. So if both are there, both have to be
    // trusted.
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
