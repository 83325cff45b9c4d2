using System.Security.Cryptography;
using System.Text;

namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// Combines the sets of a service into one, which other services register: one subscription for each pair of channel
/// and resource, with the recipients of all sets. The events go to this service's <c>publish</c>.
/// </summary>
/// <remarks>
/// Proxies, cookies and numbers of failures are not passed on. Channels of the scheme <c>pubsub</c> are left out, since
/// they are about this service alone. Source: Dream's <c>PubSubSubscriptionSet</c>, and recorded answers.
/// </remarks>
internal static class CombinedSet
{
    /// <param name="sets">The sets, in the order of their creation.</param>
    /// <param name="ownUri">The URI of the service.</param>
    /// <param name="version">The number of changes so far.</param>
    /// <param name="token">Opens this service's <c>publish</c>; null: the set has no cookie.</param>
    public static SubscriptionSet Of(
        IEnumerable<SubscriptionSet> sets, string ownUri, long version, string? token)
    {
        List<SetSubscription> all = [.. sets.SelectMany(static set => set.Subscriptions)];
        var merged = new OrderedDictionary<(string, string?), OrderedDictionary<string, SetRecipient>>();
        foreach (var pair in all.SelectMany(PairsOf))
        {
            merged.TryAdd(pair, new OrderedDictionary<string, SetRecipient>(StringComparer.Ordinal));
        }

        // Recipients of later subscriptions come first, and the later one of two equal ones counts.
        foreach (var subscription in Enumerable.Reverse(all))
        {
            foreach (var pair in PairsOf(subscription))
            {
                foreach (var recipient in subscription.Recipients)
                {
                    merged[pair].TryAdd(recipient.Uri, recipient);
                }
            }
        }

        var cookie = token is null ? null : SetCookie.Of("service-key", token, ownUri, version: 1);
        return new SubscriptionSet(
            ownUri, version, SetReader.FailuresDefault, FailureSecondsMax: 0,
            [
                .. merged.Select(entry => Write(version, entry.Key, cookie, ownUri, [.. entry.Value.Values])),
            ]);
    }

    private static IEnumerable<(string Channel, string? Resource)> PairsOf(SetSubscription subscription) =>
        subscription.Channels
            .Where(static channel => !channel.StartsWith("pubsub://", StringComparison.Ordinal))
            .SelectMany(channel => subscription.Resources.DefaultIfEmpty(),
                static (channel, resource) => (channel, (string?)resource));

    private static SetSubscription Write(
        long version, (string Channel, string? Resource) pair, SetCookie? cookie, string ownUri,
        IReadOnlyList<SetRecipient> recipients) => new(
            IdOf(version, pair), [pair.Channel], pair.Resource is { } resource ? [resource] : [], cookie,
            $"{ownUri}/publish", recipients);

    /// <summary>The same id for as long as the version is the same, and another one after that.</summary>
    private static string IdOf(long version, (string Channel, string? Resource) pair)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{version}\n{pair.Channel}\n{pair.Resource}"));
        return new Guid(hash.AsSpan(0, 16)).ToString();
    }
}
