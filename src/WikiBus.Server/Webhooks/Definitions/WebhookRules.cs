using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Server.Options;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>
/// What a request for a webhook may have. A fault begins with the member, and says what is allowed; it has no secret
/// and no value of a header.
/// </summary>
internal static class WebhookRules
{
    public const int IdLengthMax = 64;
    public const int StreamCountMax = 100;
    public const int WikiCountMax = 1_000;
    public const int ConcurrencyMax = 1_000;

    /// <summary>Most characters of <c>start</c>, <c>from</c> and <c>to</c>.</summary>
    public const int PlaceLengthMax = 300;

    public static readonly TimeSpan TimeoutMin = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan ExpireAfterMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ExpireAfterMax = TimeSpan.FromDays(3650);

    private const string Orders = "key, none or strict";

    /// <summary>Null if nothing is wrong.</summary>
    /// <param name="request">The request.</param>
    /// <param name="urls">Reads the URL.</param>
    /// <param name="networks">What the owner may target.</param>
    public static string? FindFault(WebhookRequest request, TargetUrl urls, TargetNetworks networks) =>
        FindFaultOfId(request.Id)
        ?? FindFaultOfUrl(request.Url, urls, networks)
        ?? FindFault("streams", request.Streams, StreamCountMax, StreamPattern.IsValid,
            "names of streams, in which * stands for anything,")
        ?? FindFault("wikis", request.Wikis, WikiCountMax, IsWiki,
            "database names, wiki ids and domains, without spaces,")
        ?? FindFaultOfChannel(request.Channel)
        ?? FindFaultOfFilters(request.Filter)
        ?? FindFaultOfOrder(request)
        ?? FindFault("timeout", request.Timeout, TimeoutMin, TimeoutMax)
        ?? FindFault("expireAfter", request.ExpireAfter, ExpireAfterMin, ExpireAfterMax)
        ?? FindFaultOfHeaders(request.Headers)
        ?? FindFaultOfSecret(request.Secret);

    /// <summary>The order with this name, <c>key</c> if it is missing; null: there is none.</summary>
    public static RecordOrder? OrderOf(string? name) => name switch
    {
        null or "key" => RecordOrder.Key,
        "none" => RecordOrder.None,
        "strict" => RecordOrder.Strict,
        _ => null,
    };

    public static string? FindFaultOfSecret(string? secret) =>
        secret is null || SigningSecret.TryParse(secret, out _, out var fault) ? null : $"secret: {fault}";

    private static string? FindFaultOfId(string? id) =>
        id is null
        || (id.Length is > 0 and <= IdLengthMax
            && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            ? null
            : $"id: letters, digits, '_' and '-', at most {IdLengthMax}, are allowed";

    private static string? FindFaultOfUrl(string? url, TargetUrl urls, TargetNetworks networks) =>
        url is null ? "url: it is needed"
        : urls.TryParse(url, networks, out _, out var fault) ? null
        : $"url: {fault}";

    private static string? FindFault(
        string name, IReadOnlyList<string>? values, int countMax, Func<string, bool> isAllowed, string allowed)
    {
        if (values?.Count > countMax)
        {
            return $"{name}: at most {countMax} {allowed} are allowed";
        }

        foreach (var value in values ?? [])
        {
            // Nullable annotations say nothing about the items of a list in JSON.
            if (value is null || !isAllowed(value))
            {
                return $"{name}: '{Echo.OnOneLine(value ?? "null")}' is not allowed; {allowed} are";
            }
        }

        return null;
    }

    private static bool IsWiki(string wiki) =>
        wiki.Length is > 0 and <= KeyRules.WikiLengthMax
        && !wiki.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static string? FindFaultOfChannel(string? channel) =>
        channel is null || ChannelPattern.TryParse(channel, out _, out var fault) ? null : $"channel: {fault}";

    private static string? FindFaultOfFilters(IReadOnlyList<string>? filters)
    {
        if (filters?.Count > FilterExpression.CountMax)
        {
            return $"filter: {filters.Count} filters are too many; {FilterExpression.CountMax} are allowed";
        }

        foreach (var filter in filters ?? [])
        {
            if (!FilterExpression.TryParse(filter, out _, out var fault))
            {
                return $"filter: {fault}";
            }
        }

        return null;
    }

    private static string? FindFaultOfOrder(WebhookRequest request) =>
        OrderOf(request.Order) is null ? $"order: {Orders} is allowed"
        : request.Concurrency is < 1 or > ConcurrencyMax ? $"concurrency: 1 to {ConcurrencyMax} is allowed"
        : null;

    private static string? FindFault(string name, string? text, TimeSpan smallest, TimeSpan largest) =>
        text is null || (Duration.TryParse(text, out var value) && value >= smallest && value <= largest)
            ? null
            : $"{name}: '{Echo.OnOneLine(text)}' is not allowed; {Duration.Text(smallest)} to "
                + $"{Duration.Text(largest)}, a number and its unit ({Duration.Units}), is";

    private static string? FindFaultOfHeaders(IReadOnlyDictionary<string, string?>? headers) =>
        headers is not null && StaticHeaders.FindFault(
            [.. headers.Select(static header => KeyValuePair.Create(header.Key, header.Value ?? ""))]) is { } fault
            ? $"headers: {fault}"
            : null;
}
