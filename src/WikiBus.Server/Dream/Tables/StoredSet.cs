using WikiBus.Server.Access.Rights;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Dream.Tables;

/// <summary>A set as the database keeps it. It holds secrets. Immutable.</summary>
/// <param name="Number">Its number, which grows with each set that is created.</param>
/// <param name="Location">Its location.</param>
/// <param name="KeyId">The id of the key that created it, and whose rights count.</param>
/// <param name="AccessKey">Opens the set to whoever presents it.</param>
/// <param name="Set">Its document.</param>
/// <param name="Destinations">The URIs of its destinations by their numbers, from 1.</param>
internal sealed record StoredSet(
    long Number, string Location, string KeyId, string AccessKey, SubscriptionSet Set,
    IReadOnlyDictionary<int, string> Destinations)
{
    /// <summary>How the locations of sets for upstream services begin.</summary>
    public const string UpstreamPrefix = "up-";

    /// <summary>Does it send the combined set to an upstream service of the configuration?</summary>
    public bool IsOfUpstream =>
        KeyId == Caller.ConfigurationId && Location.StartsWith(UpstreamPrefix, StringComparison.Ordinal);
}
