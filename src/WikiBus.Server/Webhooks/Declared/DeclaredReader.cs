using System.Globalization;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Options;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Settings;

namespace WikiBus.Server.Webhooks.Declared;

/// <summary>
/// Reads <c>Webhooks:Subscriptions</c>: a list of objects with the members of a request, in which <c>id</c> and
/// <c>secret</c> are needed.
/// </summary>
internal static class DeclaredReader
{
    private const string Key = "Subscriptions";

    private static readonly string[] s_members =
    [
        "id", "url", "streams", "wikis", "channel", "filter", "start", "order", "concurrency", "timeout", "expireAfter",
        "headers", "secret",
    ];

    /// <summary>Those without a fault. Faults are added to the others of the configuration.</summary>
    public static IReadOnlyList<WebhookRequest> Read(
        IConfiguration configuration, TargetUrl urls, TargetNetworks networks, OptionFaults faults)
    {
        faults.Know(WebhooksOptions.Section, [nameof(WebhooksOptions.SubscriptionsPerKeyMax), Key]);
        var section = configuration.GetSection(ConfigurationPath.Combine(WebhooksOptions.Section, Key));
        if (!string.IsNullOrEmpty(section.Value))
        {
            faults.Add(new OptionFault(section.Path, "a list of objects is allowed"));
        }

        var read = new List<WebhookRequest>();
        foreach (var entry in section.GetChildren())
        {
            if (FindFault(entry, urls, networks, out var request) is { } fault)
            {
                faults.Add(new OptionFault(entry.Path, fault));
            }
            else if (read.Any(other => other.Id == request.Id))
            {
                faults.Add(new OptionFault(entry.Path, $"id: '{request.Id}' is there twice"));
            }
            else
            {
                read.Add(request);
            }
        }

        return read;
    }

    private static string? FindFault(
        IConfigurationSection entry, TargetUrl urls, TargetNetworks networks, out WebhookRequest request)
    {
        request = new WebhookRequest();
        var unknown = entry.GetChildren().FirstOrDefault(static child => !IsMember(child.Key));
        if (unknown is not null)
        {
            return $"{unknown.Key}: there is no such member; {string.Join(", ", s_members)} are allowed";
        }

        if (ReadConcurrency(entry["concurrency"]) is not { } concurrency)
        {
            return $"concurrency: 1 to {WebhookRules.ConcurrencyMax} is allowed";
        }

        request = new WebhookRequest
        {
            Id = Text(entry, "id"),
            Url = Text(entry, "url"),
            Streams = List(entry, "streams"),
            Wikis = List(entry, "wikis"),
            Channel = Text(entry, "channel"),
            Filter = List(entry, "filter"),
            Start = Text(entry, "start"),
            Order = Text(entry, "order"),
            Concurrency = concurrency,
            Timeout = Text(entry, "timeout"),
            ExpireAfter = Text(entry, "expireAfter"),
            Headers = entry.GetSection("headers").GetChildren()
                .ToDictionary(static header => header.Key, static header => header.Value),
            Secret = Text(entry, "secret"),
        };
        return request.Id is null ? "id: it is needed"
            : request.Secret is null ? "secret: it is needed; 'whsec_' and base64 of 24 to 64 random bytes are allowed"
            : request.Headers.Values.Any(string.IsNullOrEmpty) ? "headers: each value is a text"
            : WebhookRules.FindFault(request, urls, networks);
    }

    private static bool IsMember(string key) => s_members.Contains(key, StringComparer.OrdinalIgnoreCase);

    // An empty text is what null becomes in a configuration.
    private static string? Text(IConfigurationSection entry, string name) =>
        entry.GetSection(name) is { Value: { Length: > 0 } text } ? text
        : entry.GetSection(name).GetChildren().Any() ? "(an object)"
        : null;

    private static List<string> List(IConfigurationSection entry, string name) =>
        entry.GetSection(name) is { Value: { Length: > 0 } text } ? [text]
        : [.. entry.GetSection(name).GetChildren().Select(static item => item.Value ?? "")];

    // Null: it is no number.
    private static int? ReadConcurrency(string? text) =>
        string.IsNullOrEmpty(text) ? WebhookDefinition.ConcurrencyDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
