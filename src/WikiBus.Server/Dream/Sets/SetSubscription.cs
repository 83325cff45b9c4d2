using System.Text.Json.Serialization;

namespace WikiBus.Server.Dream.Sets;

/// <summary>One <c>&lt;subscription&gt;</c> of a set. Immutable.</summary>
/// <param name="Id">Its id, given or made; nothing is found by it.</param>
/// <param name="Channels">Patterns of channels, at least one.</param>
/// <param name="Resources">Patterns of resources; none: any resource.</param>
/// <param name="Cookie">Sent along to destinations below its URI; null: none.</param>
/// <param name="Proxy">Gets the events in place of the recipient; null: none.</param>
/// <param name="Recipients">Who the events are for; exactly one without a proxy.</param>
internal sealed record SetSubscription(
    string Id, IReadOnlyList<string> Channels, IReadOnlyList<string> Resources, SetCookie? Cookie, string? Proxy,
    IReadOnlyList<SetRecipient> Recipients)
{
    /// <summary>The URI that gets the events.</summary>
    [JsonIgnore]
    public string Destination => Proxy ?? Recipients[0].Uri;
}
