using System.Globalization;
using System.Text.Json.Serialization;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Options;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Sending;

namespace WikiBus.Server.Webhooks;

/// <summary>
/// A subscription in answers. The values of its headers are null: they are never shown. One that belongs to a
/// subscription set has not the members of a webhook.
/// </summary>
internal sealed record SubscriptionAnswer
{
    public required string Id { get; init; }

    /// <summary><c>webhooks</c>, or <c>dream</c> for a destination of a subscription set.</summary>
    public required string Feature { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string>? Streams { get; init; }

    public required IReadOnlyList<string>? Wikis { get; init; }

    public required string? Channel { get; init; }

    public required IReadOnlyList<string>? Filter { get; init; }

    public required string? Start { get; init; }

    public required string? Order { get; init; }

    public required int? Concurrency { get; init; }

    public required string? Timeout { get; init; }

    public required string? ExpireAfter { get; init; }

    public required IReadOnlyDictionary<string, string?>? Headers { get; init; }

    public required string Owner { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.State"/>
    public required string State { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.Reason"/>
    public required string? Reason { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.DownSince"/>
    public required DateTime? DownSince { get; init; }

    /// <summary>A text that clients only compare.</summary>
    public required string Cursor { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.Lag"/>
    public required long Lag { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.LagTime"/>
    public required double LagSeconds { get; init; }

    public required int Waiting { get; init; }

    public required int Dead { get; init; }

    /// <inheritdoc cref="SubscriptionStatus.Expired"/>
    public required long Expired { get; init; }

    /// <summary>The last try that did not succeed, also if others succeeded since; null: there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ErrorAnswer? LastError { get; init; }

    public required ReplayStatus? Replay { get; init; }

    /// <summary>When the last replaced secret ceases to sign; null: none signs.</summary>
    public required DateTime? OldSecretValidUntil { get; init; }

    /// <summary>Only in the answer to the request that sets it.</summary>
    public string? Secret { get; init; }

    /// <summary>Only in the answer to a resumption or replay: how many positions it skips or sends again.</summary>
    public long? Positions { get; init; }

    public static SubscriptionAnswer Of(SubscriptionStatus status, string logId, DateTimeOffset now)
    {
        var definition = status.Feature == WebhookFeature.FeatureName
            ? WebhookDefinition.Parse(status.Definition)
            : null;
        return new SubscriptionAnswer
        {
            Id = status.Id,
            Feature = status.Feature,
            Url = status.Target,
            Streams = definition?.Streams,
            Wikis = definition?.Wikis,
            Channel = definition?.Channel,
            Filter = definition?.Filters,
            Start = definition?.Start,
            Order = definition?.Order.ToString().ToLowerInvariant(),
            Concurrency = definition?.Concurrency,
            Timeout = Text(definition?.Timeout),
            ExpireAfter = Text(definition?.ExpireAfter),
            Headers = definition?.Headers.Keys.ToDictionary(static name => name, static _ => (string?)null),
            Owner = status.Owner,
            CreatedAt = status.CreatedAt.UtcDateTime,
            State = status.State,
            Reason = status.Reason,
            DownSince = status.DownSince?.UtcDateTime,
            Cursor = string.Create(CultureInfo.InvariantCulture, $"{logId}-{status.Cursor.Position}"),
            Lag = status.Lag,
            LagSeconds = Math.Round(status.LagTime.TotalSeconds, 3),
            Waiting = status.Waiting,
            Dead = status.Dead,
            Expired = status.Expired,
            LastError = ErrorAnswer.Of(status.LastError),
            Replay = status.Replay,
            OldSecretValidUntil = definition?.OldSecrets.Select(static old => old.Until.UtcDateTime)
                .Where(until => until > now.UtcDateTime).Select(static until => (DateTime?)until).Max(),
        };
    }

    private static string? Text(TimeSpan? duration) => duration is { } value ? Duration.Text(value) : null;
}
