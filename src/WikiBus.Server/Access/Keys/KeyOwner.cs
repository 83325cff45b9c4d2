using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>A key as the owner of subscriptions. It is the same object until the key is replaced or revoked.</summary>
/// <param name="Caller">Has the key's rights whatever its secrets are. It ends when the key is replaced or
/// revoked.</param>
/// <param name="Networks">Networks (CIDR) that its destinations may target beyond the public ones.</param>
/// <param name="Hosts">Names of hosts that they may target.</param>
internal sealed record KeyOwner(Caller Caller, IReadOnlyList<string> Networks, IReadOnlyList<string> Hosts);
