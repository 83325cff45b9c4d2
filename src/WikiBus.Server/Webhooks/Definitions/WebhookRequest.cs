using System.Text.Json.Serialization;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>The body of <c>POST /v1/subscriptions</c> and <c>PUT /v1/subscriptions/{id}</c>.</summary>
internal sealed record WebhookRequest
{
    /// <summary>Missing: the bus makes one.</summary>
    public string? Id { get; init; }

    public string? Url { get; init; }

    /// <summary>Names and patterns of streams; none: all that the key may read.</summary>
    public IReadOnlyList<string>? Streams { get; init; }

    /// <summary>None: all wikis.</summary>
    public IReadOnlyList<string>? Wikis { get; init; }

    public string? Channel { get; init; }

    [JsonConverter(typeof(TextOrListConverter))]
    public IReadOnlyList<string>? Filter { get; init; }

    /// <summary>The first record: <see cref="WebhookDefinition.StartNow"/>, or a place in the log.</summary>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? Start { get; init; }

    public string? Order { get; init; }

    public int? Concurrency { get; init; }

    /// <summary>Time for a request, as a number and its unit; missing: that of the options.</summary>
    public string? Timeout { get; init; }

    /// <summary>Older records are skipped; missing: none.</summary>
    public string? ExpireAfter { get; init; }

    /// <summary>Headers of each request. In a replacement, a null keeps the value that the header has.</summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>Missing: the bus makes one.</summary>
    public string? Secret { get; init; }

    /// <summary>A new owner, in a replacement by a key that may manage.</summary>
    public string? Owner { get; init; }
}
