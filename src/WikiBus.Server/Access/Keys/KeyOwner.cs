using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Access.Keys;

/// <summary>What a key may do for its subscriptions. The same object until the key changes.</summary>
/// <param name="Caller">Its rights. It ends when the key is revoked or replaced.</param>
/// <param name="Networks">Networks (CIDR) that its destinations may be in, beside the public ones.</param>
/// <param name="Hosts">Hosts that its destinations may be, whatever their addresses.</param>
internal sealed record KeyOwner(Caller Caller, IReadOnlyList<string> Networks, IReadOnlyList<string> Hosts);
