using System.Net;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access;

/// <summary>Decides who sends a request, by its key or its address. Safe for concurrent use.</summary>
internal sealed class AccessControl
{
    private readonly KeyStore _keys;
    private readonly ClientAddress _addresses;
    private readonly PublicRules _public;
    private readonly Caller _anonymous;
    private readonly Caller _invalid;
    private readonly Caller _network;

    public AccessControl(KeyStore keys, ClientAddress addresses, PublicRules publicRules)
    {
        _keys = keys;
        _addresses = addresses;
        _public = publicRules;
        _anonymous = new Caller(Caller.AnonymousId, Role.None, Grant.All, publicRules);
        _invalid = new Caller(Caller.InvalidId, Role.None, Grant.All, publicRules);
        _network = new Caller(Caller.NetworkId, Role.Publish | Role.Read, Grant.All, publicRules);
    }

    /// <summary>
    /// Who sends the request. If the request has a key, the key alone decides, also on a trusted network. A wrong key
    /// gives a caller that <see cref="Caller.IsInvalid"/>, with the rights of an anonymous one.
    /// </summary>
    public Caller Identify(HttpContext context)
    {
        if (PresentedKey.Of(context.Request) is { } secret)
        {
            return FindCaller(secret, context);
        }

        return _addresses.IsTrusted(context) ? _network : _anonymous;
    }

    /// <summary>
    /// The address for limits per address: the one that a trusted proxy forwarded, else the peer's.
    /// </summary>
    public IPAddress AddressOf(HttpContext context) => _addresses.Of(context);

    /// <inheritdoc cref="PublicRules.KeepPrivate"/>
    public void KeepPrivate(string stream) => _public.KeepPrivate(stream);

    private Caller FindCaller(string secret, HttpContext context) =>
        _keys.FindCaller(secret) is { } caller && (caller.Id != AdminKey.Id || ClientAddress.IsLocal(context))
            ? caller
            : _invalid;
}
