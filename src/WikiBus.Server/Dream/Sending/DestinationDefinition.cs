using System.Text.Json;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Dream.Sending;

/// <summary>
/// What the engine keeps about one destination of a set: each destination is a subscription of the engine. Immutable.
/// </summary>
/// <param name="Location">The location of the set.</param>
/// <param name="Uri">The URI that gets the events.</param>
/// <param name="FailuresMax">See <see cref="SubscriptionSet.FailuresMax"/>.</param>
/// <param name="FailureSecondsMax">See <see cref="SubscriptionSet.FailureSecondsMax"/>.</param>
/// <param name="Subscriptions">The subscriptions of the set that have this destination.</param>
/// <param name="Cookies">All cookies of the set.</param>
internal sealed record DestinationDefinition(
    string Location, string Uri, int FailuresMax, double FailureSecondsMax,
    IReadOnlyList<SetSubscription> Subscriptions, IReadOnlyList<SetCookie> Cookies)
{
    public string ToJson() => JsonSerializer.Serialize(this, DestinationJson.Default.DestinationDefinition);

    /// <exception cref="InvalidDataException">It is no definition.</exception>
    public static DestinationDefinition Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DestinationJson.Default.DestinationDefinition)
                ?? throw new InvalidDataException("A destination is null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"A destination cannot be read: {exception.Message}", exception);
        }
    }
}
