namespace WikiBus.Server.Access;

/// <summary>The hash of a secret.</summary>
/// <param name="Kind">How it was hashed.</param>
/// <param name="Hash">32 bytes.</param>
/// <param name="ValidUntil">When it stops being one of the key's; null: with the next rotation.</param>
internal sealed record SecretHash(SecretKind Kind, byte[] Hash, DateTimeOffset? ValidUntil = null)
{
    public bool IsValidAt(DateTimeOffset time) => ValidUntil is not { } end || time < end;
}
