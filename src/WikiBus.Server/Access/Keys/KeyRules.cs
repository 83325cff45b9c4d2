using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>The ids, limits and secrets that a key may have.</summary>
internal static class KeyRules
{
    public const int IdLengthMax = 64;
    public const int StreamCountMax = 100;
    public const int WikiCountMax = 1_000;
    public const int WikiLengthMax = 255;
    public const int OverlapSecondsMax = 366 * 24 * 60 * 60;

    private static readonly string[] s_takenIds =
        [AdminKey.Id, Caller.AnonymousId, Caller.InvalidId, Caller.NetworkId, Caller.BusId];

    /// <summary>Is it <c>[a-z0-9_-]{1,64}</c>, and not reserved?</summary>
    public static bool IsValidId(string id) =>
        id.Length is > 0 and <= IdLengthMax
        && id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')
        && !s_takenIds.Contains(id, StringComparer.Ordinal);

    /// <summary>What is wrong with a request for a key; null if nothing is.</summary>
    public static string? FindFault(KeyRequest request)
    {
        if (request.Id is { } id && !IsValidId(id))
        {
            return $"id: lower-case letters, digits, '_' and '-', at most {IdLengthMax}, are allowed; "
                + $"{string.Join(", ", s_takenIds)} are taken";
        }

        if (request.Roles is not { Count: > 0 } roles || !RoleNames.TryParse(roles, out _))
        {
            return $"roles: at least one of {string.Join(", ", RoleNames.All)} is needed, and no other";
        }

        if (request.Streams is { } streams && (streams.Count > StreamCountMax || !streams.All(StreamPattern.IsValid)))
        {
            return $"streams: at most {StreamCountMax} names of streams, in which * stands for anything, are allowed";
        }

        if (request.Wikis is { } wikis && (wikis.Count > WikiCountMax || !wikis.All(IsWiki)))
        {
            return $"wikis: at most {WikiCountMax} database names or wiki ids, without spaces, are allowed";
        }

        if (request.Domains is { } domains && (domains.Count > WikiCountMax || !domains.All(IsDomain)))
        {
            return $"domains: at most {WikiCountMax} domain names, without a port, are allowed";
        }

        return FindFaultOfSecret(request.Secret);
    }

    /// <summary>What is wrong with a request for a rotation; null if nothing is.</summary>
    public static string? FindFault(RotateRequest request) => request.OverlapSeconds is < 0 or > OverlapSecondsMax
        ? $"overlapSeconds: 0 to {OverlapSecondsMax} is allowed"
        : FindFaultOfSecret(request.Secret);

    private static string? FindFaultOfSecret(string? secret) => secret is null || KeySecret.IsGivable(secret)
        ? null
        : $"secret: {KeySecret.GivenLengthMin} to {KeySecret.GivenLengthMax} printable ASCII characters are allowed, "
            + "without space ; , \" and \\, not beginning like a secret made here";

    private static bool IsWiki(string wiki) =>
        wiki.Length is > 0 and <= WikiLengthMax && !wiki.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsDomain(string domain) => Uri.CheckHostName(domain) != UriHostNameType.Unknown;
}
