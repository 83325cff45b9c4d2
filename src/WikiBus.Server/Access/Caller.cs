namespace WikiBus.Server.Access;

/// <summary>Who sent a request and what it may do; decided once per request by <c>AccessControl.Identify</c>.</summary>
internal abstract class Caller
{
    /// <summary>The key's id, "network" for a trusted network, "anonymous" else; for records and logging.</summary>
    public abstract string Id { get; }

    public abstract Role Roles { get; }

    /// <summary>May it send events of this stream, from this wiki (empty: unknown)?</summary>
    public abstract bool MayPublish(string stream, ReadOnlySpan<byte> wiki);

    /// <summary>May it read this stream at all (a public one, or by its role and patterns)?</summary>
    public abstract bool MayRead(string stream);

    /// <summary>May it read this record: also by its wiki or domain (<c>Access:PublicWikis</c>, the key's wikis)? Stream tested before.</summary>
    public abstract bool MayReadRecord(string stream, ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain);

    /// <summary>False when every record of the stream may be read, so that no test per record is needed.</summary>
    public abstract bool IsLimitedByWiki(string stream);
}
