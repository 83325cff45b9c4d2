using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;

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

        return FindFault("streams", request.Streams, StreamCountMax, StreamPattern.IsValid,
                "names of streams, in which * stands for anything,")
            ?? FindFault("wikis", request.Wikis, WikiCountMax, IsWiki,
                "database names or wiki ids, without spaces,")
            ?? FindFault("domains", request.Domains, WikiCountMax, IsDomain, "domain names, without a port,")
            ?? FindFault("networks", request.Networks, KeyDestinations.NetworkCountMax,
                static network => KeyDestinations.FindNetwork(network) is not null,
                "networks such as 10.0.0.0/8 or fd00::/8, and addresses,")
            ?? FindFault("hosts", request.Hosts, KeyDestinations.HostCountMax,
                static host => KeyDestinations.FindHost(host) is not null,
                "names of hosts in ASCII (xn--bcher-kva), without a port or *,")
            ?? FindFaultOfSecret(request.Secret);
    }

    /// <summary>What is wrong with a request to replace what a key may do; null if nothing is.</summary>
    public static string? FindFaultOfReplacement(KeyRequest request, string id) =>
        request.Id is not null && request.Id != id ? "id: it is the id in the path, or missing"
        : request.Secret is not null ? "secret: only a rotation changes it"
        : FindFault(request with { Id = null });

    /// <summary>What is wrong with a request for a rotation; null if nothing is.</summary>
    public static string? FindFault(RotateRequest request) => request.OverlapSeconds is < 0 or > OverlapSecondsMax
        ? $"overlapSeconds: 0 to {OverlapSecondsMax} is allowed"
        : FindFaultOfSecret(request.Secret);

    private static string? FindFault(
        string name, IReadOnlyList<string>? values, int countMax, Func<string, bool> isAllowed, string allowed)
    {
        foreach (var value in values ?? [])
        {
            // Nullable annotations say nothing about the items of a list in JSON.
            if (value is null || !isAllowed(value))
            {
                return $"{name}: '{Echo.OnOneLine(value ?? "null")}' is not allowed; {allowed} are";
            }
        }

        return values?.Count > countMax ? $"{name}: at most {countMax} {allowed} are allowed" : null;
    }

    private static string? FindFaultOfSecret(string? secret) => secret is null || KeySecret.IsGivable(secret)
        ? null
        : $"secret: {KeySecret.GivenLengthMin} to {KeySecret.GivenLengthMax} printable ASCII characters are allowed, "
            + "without space ; , \" and \\, not beginning like a secret made here";

    private static bool IsWiki(string wiki) =>
        wiki.Length is > 0 and <= WikiLengthMax && !wiki.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsDomain(string domain) => Uri.CheckHostName(domain) != UriHostNameType.Unknown;
}
