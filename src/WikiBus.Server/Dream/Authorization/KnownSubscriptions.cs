using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>All subscriptions of all sets now, for calls that ask for many at once.</summary>
/// <param name="All">Lists them.</param>
internal sealed record KnownSubscriptions(Func<IEnumerable<SetSubscription>> All);
