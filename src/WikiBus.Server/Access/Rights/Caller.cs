using System.Text;

namespace WikiBus.Server.Access;

/// <summary>
/// Who sent a request and what it may do; decided once per request by <see cref="AccessControl.Identify"/>. A caller
/// that is kept (a stream is long) loses its rights the moment its key is revoked. Safe for concurrent use.
/// </summary>
internal sealed class Caller
{
    /// <summary>The id of a caller without a key.</summary>
    public const string AnonymousId = "anonymous";

    /// <summary>The id of a caller who presented a key that is none (any more); features answer it 401.</summary>
    public const string InvalidId = "invalid";

    /// <summary>The id of a caller from a trusted network.</summary>
    public const string NetworkId = "network";

    private readonly Role _roles;
    private readonly Grant _grant;
    private readonly PublicRules _public;
    private volatile bool _isRevoked;

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

    /// <summary>The same as UTF-8.</summary>
    public ReadOnlyMemory<byte> IdBytes { get; }

    public Role Roles => _isRevoked ? Role.None : _roles;

    /// <summary>Did it present a key that is none (any more)?</summary>
    public bool IsInvalid => Id == InvalidId;

    /// <summary>Is it from a trusted network, and so exempt from limits per address?</summary>
    public bool IsNetwork => Id == NetworkId;

    /// <summary>Did it present a key, so that another key is needed where its rights do not suffice?</summary>
    public bool HasKey => Id is not (AnonymousId or InvalidId or NetworkId);

    /// <summary>May it change keys and everything else?</summary>
    public bool MayManage => Has(Role.Manage);

    /// <summary>May it send any event?</summary>
    public bool MayPublishAll => Has(Role.Publish) && (MayManage || _grant.IsUnlimited);

    /// <summary>May it send events of this stream, from this wiki (empty: unknown)?</summary>
    public bool MayPublish(string stream, ReadOnlySpan<byte> wiki) =>
        MayPublishTo(stream) && (MayManage || _grant.HasWiki(wiki, domain: default));

    /// <summary>May it send events of this stream, from a wiki that it is granted?</summary>
    public bool MayPublishTo(string stream) => Has(Role.Publish) && (MayManage || _grant.HasStream(stream));

    /// <summary>May it read this stream at all (a public one, or by its role and patterns)?</summary>
    public bool MayRead(string stream) => MayReadByKey(stream) || _public.HasStream(stream);

    /// <summary>
    /// May it read this record: also by its wiki or domain (<c>Access:PublicWikis</c>, the key's wikis)? Tests the
    /// stream too.
    /// </summary>
    public bool MayReadRecord(string stream, ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain) =>
        (MayReadByKey(stream) && (MayManage || _grant.HasWiki(wiki, domain)))
        || (_public.HasStream(stream) && _public.HasDomain(domain));

    /// <summary>
    /// False when every record of the stream may be read, now and later, so that no test per record is needed; true for
    /// a private stream that is read by a key, since the key may be revoked meanwhile.
    /// </summary>
    public bool IsLimitedByWiki(string stream)
    {
        var readsAllByKey = IsNetwork && MayReadByKey(stream) && !_grant.IsLimitedByWiki;
        var readsAllAsPublic = _public.HasStream(stream) && !_public.IsLimitedByDomain;
        return !readsAllByKey && !readsAllAsPublic;
    }

    /// <summary>Takes every right but reading what is public.</summary>
    public void Revoke() => _isRevoked = true;

    private bool MayReadByKey(string stream) => Has(Role.Read) && (MayManage || _grant.HasStream(stream));

    private bool Has(Role role) => (Roles & (role | Role.Manage)) != 0;
}
