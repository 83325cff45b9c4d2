using System.Net;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Faults;
using WikiBus.Server.Http;

namespace WikiBus.Server.Access;

/// <summary>Decides who sends a request, by its key, session or address. Safe for concurrent use.</summary>
internal sealed class AccessControl
{
    private readonly KeyStore _keys;
    private readonly ClientAddress _addresses;
    private readonly TrustedHosts _hosts;
    private readonly PageSessions _sessions;
    private readonly PublicRules _public;
    private readonly ILogger<AccessControl> _logger;
    private readonly RecentFaults _strangeHosts;
    private readonly Caller _anonymous;
    private readonly Caller _invalid;
    private readonly Caller _unjudged;
    private readonly Caller _network;

    public AccessControl(
        KeyStore keys, ClientAddress addresses, TrustedHosts hosts, PageSessions sessions, PublicRules publicRules,
        TimeProvider time, ILogger<AccessControl> logger)
    {
        _keys = keys;
        _addresses = addresses;
        _hosts = hosts;
        _sessions = sessions;
        _public = publicRules;
        _logger = logger;
        _strangeHosts = new RecentFaults(time);
        _anonymous = new Caller(Caller.AnonymousId, Role.None, Grant.All, publicRules);
        _invalid = new Caller(Caller.InvalidId, Role.None, Grant.All, publicRules);
        _unjudged = new Caller(Caller.UnjudgedId, Role.None, Grant.All, publicRules);
        _network = new Caller(Caller.NetworkId, Role.Publish | Role.Read, Grant.All, publicRules);
    }

    /// <summary>
    /// Who sends the request. If the request has a key, the key alone decides, also on a trusted network. Else a
    /// session of the page decides, and at last the network. A wrong key gives a caller that
    /// <see cref="Caller.IsInvalid"/>, with the rights of an anonymous one. If too many unknown keys wait, it is a
    /// caller that <see cref="Caller.IsUnjudged"/>.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait for a judgement.</param>
    public ValueTask<Caller> IdentifyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (PresentedKey.Of(context.Request) is { } secret)
        {
            return FindCallerAsync(secret, context, cancellationToken);
        }

        var isTrusted = _addresses.IsTrusted(context) && IsForTrustedHost(context);
        return ValueTask.FromResult(FindSession(context) ?? (isTrusted ? _network : _anonymous));
    }

    /// <summary>The session of a request from the page; null if it has none that is valid.</summary>
    public Caller? FindSession(HttpContext context)
    {
        var request = context.Request;

        // This runs for every request, so it parses the cookies only if there are some.
        return request.Headers.Cookie.Count > 0
            && request.Cookies[PageSessions.CookieFor(request)] is { } secret
            && RequestTraces.IsSameOrigin(request)
            && _sessions.Find(secret) is { } session
            && IsForTrustedHost(context) ? session : null;
    }

    /// <summary>
    /// What counts as one client where limits are per address: the address that a trusted proxy forwarded, else the
    /// peer's, or its /64 of IPv6.
    /// </summary>
    public IPAddress NetworkOf(HttpContext context) => ClientNetwork.Of(_addresses.Of(context));

    /// <inheritdoc cref="PublicRules.KeepPrivate"/>
    public void KeepPrivate(string stream) => _public.KeepPrivate(stream);

    /// <summary>Is it sent to a host of this server, so that its network or session may be trusted?</summary>
    public bool IsForTrustedHost(HttpContext context)
    {
        var host = TrustedHosts.Of(context.Request);
        if (_hosts.Contains(host))
        {
            return true;
        }

        var name = Echo.OnOneLine(host.Host);
        if (_addresses.IsTrusted(context) && _strangeHosts.IsNew(name))
        {
            AccessDiagnostics.StrangeHost(_logger, name);
        }

        return false;
    }

    private async ValueTask<Caller> FindCallerAsync(
        string secret, HttpContext context, CancellationToken cancellationToken)
    {
        var (caller, isJudged) = await _keys.FindCallerAsync(secret, NetworkOf(context), cancellationToken);
        return !isJudged ? _unjudged
            : caller is not null && (caller.Id != AdminKey.Id || ClientAddress.IsLocal(context)) ? caller
            : _invalid;
    }
}
