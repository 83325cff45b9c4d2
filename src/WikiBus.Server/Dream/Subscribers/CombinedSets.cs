using System.Security.Cryptography;
using System.Text;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>
/// The combined set as its reader sees it: of all sets for a key that may chain or manage and for upstream services,
/// else of the key's own sets. Sets of revoked keys are left out, since nothing is sent for them. The cookie is a token
/// with which the reader publishes here. Safe for concurrent use.
/// </summary>
internal sealed class CombinedSets(SetStore sets, SubscriptionOwners owners, KeyStore keys, OwnUris own)
{
    /// <summary>The combined set for a key.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="roles">What the key may do.</param>
    public SubscriptionSet For(string keyId, Role roles) => Combine(
        (roles & (Role.Chain | Role.Manage)) != Role.None ? static _ => true : set => set.KeyId == keyId, keyId);

    /// <summary>The combined set for an upstream service of the configuration.</summary>
    /// <param name="owner">See <see cref="ChainLink.OwnerHere"/>.</param>
    public SubscriptionSet ForUpstream(string owner) => Combine(static _ => true, PublisherIdOf(owner));

    /// <summary>Is this an upstream service of the configuration now?</summary>
    /// <param name="owner">See <see cref="ChainLink.OwnerHere"/>.</param>
    public bool IsLinked(string owner) => keys.FindPublishToken(PublisherIdOf(owner)) is not null;

    /// <summary>Who publishes with the token of an upstream service. No key has an id with a slash.</summary>
    /// <param name="owner">See <see cref="ChainLink.OwnerHere"/>.</param>
    public static string PublisherIdOf(string owner) =>
        $"{Caller.ConfigurationId}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))}";

    private SubscriptionSet Combine(Func<StoredSet, bool> isSeen, string publisherId)
    {
        var book = sets.Book;
        return CombinedSet.Of(
            book.All.Where(isSeen).Where(set => owners.Exists(set.KeyId)).Select(static set => set.Set), own.Own,
            book.Version, keys.FindPublishToken(publisherId));
    }
}
