using System.Text.Json;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Options;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>
/// What the database keeps about a webhook. It holds secrets: <see cref="ToJson"/> is for the database only.
/// </summary>
internal sealed record WebhookDefinition
{
    public const string StartNow = "now";

    /// <summary>Most requests at once, if the subscription does not say it.</summary>
    public const int ConcurrencyDefault = 10;

    public required string Url { get; init; }

    public required IReadOnlyList<string> Streams { get; init; }

    public required IReadOnlyList<string> Wikis { get; init; }

    public string? Channel { get; init; }

    public required IReadOnlyList<string> Filters { get; init; }

    public required RecordOrder Order { get; init; }

    public required int Concurrency { get; init; }

    /// <summary>Time for a request; null: that of the options.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Older records are skipped; null: none.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>Headers of each request: values by names.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Where it began, as its creator wrote it.</summary>
    public required string Start { get; init; }

    public required string Secret { get; init; }

    /// <summary>The secrets before, which sign too for a while.</summary>
    public IReadOnlyList<OldSecret> OldSecrets { get; init; } = [];

    /// <summary>Was it declared in the configuration, and is it not any more?</summary>
    public bool IsUndeclared { get; init; }

    /// <summary>
    /// Makes a definition from a request without a fault. It has a new secret unless the request has one.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="resolve">The stream that an alias means; other names and patterns are unchanged.</param>
    public static WebhookDefinition Of(WebhookRequest request, Func<string, string> resolve)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Headers ?? new Dictionary<string, string?>())
        {
            headers.Add(name, value ?? "");
        }

        return new WebhookDefinition
        {
            Url = request.Url!,
            Streams = [.. (request.Streams ?? []).Select(resolve)],
            Wikis = request.Wikis ?? [],
            Channel = request.Channel,
            Filters = request.Filter ?? [],
            Order = WebhookRules.OrderOf(request.Order)!.Value,
            Concurrency = request.Concurrency ?? ConcurrencyDefault,
            Timeout = DurationOf(request.Timeout),
            ExpireAfter = DurationOf(request.ExpireAfter),
            Headers = headers,
            Start = request.Start ?? StartNow,
            Secret = request.Secret ?? SigningSecret.Create().ToText(),
        };
    }

    /// <summary>This definition in place of another: the secrets and the start are those of the other.</summary>
    public WebhookDefinition Replacing(WebhookDefinition other) => this with
    {
        Secret = other.Secret,
        OldSecrets = other.OldSecrets,
        Start = other.Start,
    };

    /// <summary>Has it the same members, apart from the secrets?</summary>
    public bool IsSame(WebhookDefinition other) => WithoutSecrets(this) == WithoutSecrets(other);

    public string ToJson() => JsonSerializer.Serialize(this, WebhookJson.Default.WebhookDefinition);

    /// <exception cref="InvalidDataException">It is no definition.</exception>
    public static WebhookDefinition Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WebhookJson.Default.WebhookDefinition)
                ?? throw new InvalidDataException("The definition of a webhook is null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The definition of a webhook cannot be read.", exception);
        }
    }

    private static string WithoutSecrets(WebhookDefinition definition) =>
        (definition with { Secret = "", OldSecrets = [] }).ToJson();

    private static TimeSpan? DurationOf(string? text) =>
        text is not null && Duration.TryParse(text, out var duration) ? duration : null;
}

/// <summary>A secret that was replaced.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Until">It signs up to this time.</param>
internal sealed record OldSecret(string Secret, DateTimeOffset Until);
