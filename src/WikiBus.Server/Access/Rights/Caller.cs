using System.Text;

namespace WikiBus.Server.Access.Rights;

/// <summary>
/// Who sent a request, and what it may do. A request keeps its caller to its end, and a stream may take days. So a
/// caller loses its rights as soon as its secret ends or its key is revoked. Safe for concurrent use.
/// </summary>
internal sealed class Caller
{
    /// <summary>The id of a caller without a key.</summary>
    public const string AnonymousId = "anonymous";

    /// <summary>The id of a caller whose key is unknown or no longer valid; features answer it with 401.</summary>
    public const string InvalidId = "invalid";

    /// <summary>
    /// The id of a caller whose key was not judged, because too many unknown keys wait; features answer it with 503. No
    /// key can have this id.
    /// </summary>
    public const string UnjudgedId = "not.judged";

    /// <summary>The id of a caller from a trusted network.</summary>
    public const string NetworkId = "network";

    /// <summary>The id of what the configuration declares. No key can have this id.</summary>
    public const string ConfigurationId = "wikibus.json";

    /// <summary>The id under which the bus itself sends error events.</summary>
    public const string BusId = "wikibus";

    private readonly Role _roles;
    private readonly Grant _grant;
    private readonly PublicRules _public;
    private volatile bool _isRevoked;
    private volatile CallerEnd? _end;

    public Caller(string id, Role roles, Grant grant, PublicRules publicRules)
    {
        Id = id;
        IdBytes = Encoding.UTF8.GetBytes(id);
        _roles = roles;
        _grant = grant;
        _public = publicRules;
    }

    /// <summary>The key's id, or one of the constants above; for records and logging.</summary>
    public string Id { get; }

    /// <summary><see cref="Id"/> as UTF-8.</summary>
    public ReadOnlyMemory<byte> IdBytes { get; }

    public Role Roles => HasEnded ? Role.None : _roles;

    /// <summary>Its secret has ended, or its key was revoked.</summary>
    public bool HasEnded => _isRevoked || _end?.IsOver == true;

    /// <summary>Did it present a key that is unknown or no longer valid?</summary>
    public bool IsInvalid => Id == InvalidId;

    /// <summary>Did it present a key that could not be judged now? It should come again.</summary>
    public bool IsUnjudged => Id == UnjudgedId;

    /// <summary>Is it from a trusted network, and so exempt from limits per address?</summary>
    public bool IsNetwork => Id == NetworkId;

    /// <summary>Did it present a valid key? Without the needed right, it then gets 403, not 401.</summary>
    public bool HasKey => Id is not (AnonymousId or InvalidId or UnjudgedId or NetworkId);

    /// <summary>May it do everything, also change keys?</summary>
    public bool MayManage => Has(Role.Manage);

    /// <summary>May it read streams that are not public?</summary>
    public bool HasRead => Has(Role.Read);

    /// <summary>May it send any event?</summary>
    public bool MayPublishAll => Has(Role.Publish) && (MayManage || _grant.IsUnlimited);

    /// <inheritdoc cref="Grant.FindFault"/>
    public WikiFault FindFault(ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain) =>
        MayManage ? WikiFault.None : _grant.FindFault(wiki, domain);

    /// <summary>May it send events of this stream, from a wiki that it is granted?</summary>
    public bool MayPublishTo(string stream) => Has(Role.Publish) && (MayManage || _grant.HasStream(stream));

    /// <summary>May it read this stream at all (a public one, or by its role and patterns)?</summary>
    public bool MayRead(string stream) => MayReadByKey(stream) || _public.HasStream(stream);

    /// <summary>
    /// May it read this record, by its stream, its wiki and its domain (<c>Access:PublicWikis</c>, the key's limits)? A
    /// record without a wiki has its domain as the wiki. One without a valid domain has the domain <c>unknown</c>.
    /// </summary>
    public bool MayReadRecord(string stream, ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain) =>
        (MayReadByKey(stream) && (MayManage || HasRecord(wiki, domain)))
        || (_public.HasStream(stream) && _public.HasDomain(domain));

    /// <summary>
    /// False: it may read every record of the stream, now and later, so that readers need no test per record. True also
    /// for a private stream that it reads by a key, since the key may be revoked meanwhile.
    /// </summary>
    public bool IsLimitedByWiki(string stream)
    {
        var readsAllByKey = IsNetwork && MayReadByKey(stream) && !_grant.IsLimitedByWiki;
        var readsAllAsPublic = _public.HasStream(stream) && !_public.IsLimitedByDomain;
        return !readsAllByKey && !readsAllAsPublic;
    }

    /// <summary>Takes all rights away, except to read what is public.</summary>
    public void Revoke() => _isRevoked = true;

    /// <summary>The same from a time on.</summary>
    public void EndAt(DateTimeOffset end, TimeProvider time) => _end = new CallerEnd(end, time);

    private bool MayReadByKey(string stream) => HasRead && (MayManage || _grant.HasStream(stream));

    private bool HasRecord(ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain)
    {
        var ownWiki = Ascii.EqualsIgnoreCase(wiki, domain) ? default : wiki;
        var ownDomain = domain.SequenceEqual("unknown"u8) ? default : domain;
        return _grant.FindFault(ownWiki, ownDomain) == WikiFault.None || _grant.NamesAsWiki(domain);
    }

    private bool Has(Role role) => (Roles & (role | Role.Manage)) != 0;

    private sealed record CallerEnd(DateTimeOffset At, TimeProvider Time)
    {
        public bool IsOver => Time.GetUtcNow() >= At;
    }
}
