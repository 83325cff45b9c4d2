using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>
/// The combined set as a key sees it: of all sets for a key that may chain or manage and for the configuration, else of
/// the key's own sets. Its cookie is a token with which the reader publishes here. Safe for concurrent use.
/// </summary>
internal sealed class CombinedSets(SetStore sets, KeyStore keys, OwnUris own)
{
    /// <summary>The combined set now.</summary>
    /// <param name="keyId">The key, or <see cref="Caller.ConfigurationId"/>.</param>
    /// <param name="roles">What the key may do.</param>
    public SubscriptionSet For(string keyId, Role roles)
    {
        var book = sets.Book;
        var seesAll = keyId == Caller.ConfigurationId || (roles & (Role.Chain | Role.Manage)) != Role.None;
        var visible = (seesAll ? book.All : book.All.Where(set => set.KeyId == keyId)).Where(IsValid);
        return CombinedSet.Of(
            visible.Select(static set => set.Set), own.Own, book.Version, keys.FindPublishToken(keyId));
    }

    // Nothing is sent for a set whose key was revoked.
    private bool IsValid(StoredSet set) =>
        set.KeyId == Caller.ConfigurationId || keys.OwnerOf(set.KeyId) is not null;
}
