using System.Globalization;
using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Settings;

/// <summary>Reads the settings of MediaWiki and of its extension EventBus from JSON, with their rules.</summary>
/// <param name="settings">The settings by their names, with or without <c>$wg</c> or <c>wg</c>.</param>
internal sealed class MediaWikiSettings(JsonElement settings)
{
    private const string PurgeRelayer = "CdnPurgeEventRelayer";

    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">A setting has a value that the extension does not take.</exception>
    public void ApplyTo(ProducerOptions options)
    {
        try
        {
            Apply(options);
        }
        catch (InvalidOperationException exception)
        {
            // Only reading tells that a text or the name of a member is not Unicode.
            throw new ArgumentException("A setting has a lone surrogate.", nameof(settings), exception);
        }
    }

    private void Apply(ProducerOptions options)
    {
        if (settings.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("The settings must be one JSON object.", nameof(settings));
        }

        options.EnabledKinds = Find("EnableEventBus") is { } kinds ? KindsOf(kinds) : EventKinds.None;
        options.DefaultService = Text("EventServiceDefault") ?? "eventbus";
        options.BatchBytesMax = Find("EventBusMaxBatchByteSize") is { } bytes ? Integer(bytes) : 4 << 20;
        options.AllowExternalRequestId = Switch("AllowExternalReqID") ?? options.AllowExternalRequestId;
        options.EnableRunJob = Switch("EventBusEnableRunJobAPI") ?? true;
        options.PurgeStream = Find("EventRelayerConfig") is { } relayers ? PurgeStreamOf(relayers) : null;
        ApplyServices(options.Services);
        ApplyStreams(options);
        options.StreamNames.Clear();
        foreach (var (name, other) in Members("EventBusStreamNamesMap"))
        {
            options.StreamNames[name] = Text(other, $"EventBusStreamNamesMap['{name}']");
        }

        if (Text("SecretKey") is { } key)
        {
            options.SecretKeys.Clear();
            options.SecretKeys.Add(key);
        }

        ApplyWiki(options.Wiki);
    }

    private void ApplyServices(IDictionary<string, EventServiceOptions> services)
    {
        services["eventbus"] = new EventServiceOptions
        {
            Url = "http://localhost:3000/v1/events", Timeout = TimeSpan.FromSeconds(5),
        };
        services["eventgate"] = new EventServiceOptions
        {
            Url = "http://localhost:8192/v1/events", Timeout = TimeSpan.FromSeconds(5),
        };
        foreach (var (name, service) in Members("EventServices"))
        {
            var setting = $"EventServices['{name}']";
            services[name] = new EventServiceOptions
            {
                Url = Text(Member(service, "url") ?? default, $"{setting}['url']"),
                Timeout = Member(service, "timeout") is { } seconds ? Seconds(seconds, setting) : s_defaultTimeout,
                ForwardsClientIp =
                    Member(service, "x_client_ip_forwarding_enabled") is { ValueKind: JsonValueKind.True },
            };
        }
    }

    private void ApplyStreams(ProducerOptions options)
    {
        options.StreamDefaults = Find("EventStreamsDefaultSettings") is { } defaults ? StreamOf(defaults) : new();
        options.Streams = Find("EventStreams") is null
            ? null
            : Members("EventStreams", isList: true).ToDictionary(
                stream => Member(stream.Value, "stream") is { ValueKind: JsonValueKind.String } name
                    ? name.GetString()!
                    : stream.Name,
                stream => StreamOf(stream.Value),
                StringComparer.Ordinal);
    }

    private static StreamOptions StreamOf(JsonElement stream)
    {
        var producer = Member(Member(stream, "producers") ?? default, "mediawiki_eventbus") ?? default;
        return new StreamOptions
        {
            // EventBus disables a stream only if the value is false itself.
            IsEnabled = Member(producer, "enabled") is { } enabled ? enabled.ValueKind != JsonValueKind.False : null,
            Service = TextOrNull(Member(producer, "event_service_name"), "event_service_name"),
            DestinationService = TextOrNull(Member(stream, "destination_event_service"), "destination_event_service"),
        };
    }

    private void ApplyWiki(WikiOptions wiki)
    {
        wiki.Database = Text("DBname") ?? wiki.Database;
        wiki.ServerName = Text("ServerName") ?? wiki.ServerName;
        wiki.CanonicalServer = Text("CanonicalServer") ?? wiki.CanonicalServer;
        wiki.ArticlePath = Text("ArticlePath") ?? wiki.ArticlePath;
        wiki.ScriptPath = Text("ScriptPath") ?? wiki.ScriptPath;
        wiki.PatrolsChanges = Switch("UseRCPatrol") ?? wiki.PatrolsChanges;
        wiki.PatrolsNewPages = Switch("UseNPPatrol") ?? wiki.PatrolsNewPages;
        if (Find("ContentNamespaces") is { ValueKind: JsonValueKind.Array } namespaces)
        {
            wiki.ContentNamespaces = namespaces.EnumerateArray().Select(Integer).ToList();
        }
    }

    private static EventKinds KindsOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return (EventKinds)Integer(value);
        }

        var text = Text(value, "EnableEventBus");
        return text.Length == 0
            ? EventKinds.All
            : text.Split('|').Aggregate(EventKinds.None, (kinds, name) => kinds | name switch
            {
                "TYPE_NONE" => EventKinds.None,
                "TYPE_EVENT" => EventKinds.Event,
                "TYPE_JOB" => EventKinds.Job,
                "TYPE_PURGE" => EventKinds.Purge,
                "TYPE_ALL" => EventKinds.All,
                _ => throw new ArgumentException(
                    $"EnableEventBus: {name} not recognized. It must be TYPE_NONE, TYPE_EVENT, TYPE_JOB, "
                    + "TYPE_PURGE or TYPE_ALL, or several of them with | between them."),
            });
    }

    private static string? PurgeStreamOf(JsonElement relayers)
    {
        var purges = Member(relayers, "cdn-url-purges") ?? default;
        var type = TextOrNull(Member(purges, "class"), "class");
        if (type is null || !type.EndsWith(PurgeRelayer, StringComparison.Ordinal))
        {
            return null;
        }

        return TextOrNull(Member(purges, "stream"), "stream") ?? throw new ArgumentException(
            "purge_stream must be configured: EventRelayerConfig['cdn-url-purges'] has no stream.");
    }

    private JsonElement? Find(string name) =>
        Member(settings, "$wg" + name) ?? Member(settings, "wg" + name) ?? Member(settings, name);

    private string? Text(string name) => TextOrNull(Find(name), name);

    private bool? Switch(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ArgumentException($"{name} must be true or false."),
    };

    // PHP writes an empty map as [].
    private IEnumerable<(string Name, JsonElement Value)> Members(string name, bool isList = false) =>
        Find(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Select(item => (item.Name, item.Value)),
            { ValueKind: JsonValueKind.Array } list when isList || list.GetArrayLength() == 0 =>
                list.EnumerateArray().Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item)),
            _ => throw new ArgumentException($"{name} must be an object."),
        };

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? TextOrNull(JsonElement? value, string name) =>
        value is { } element ? Text(element, name) : null;

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ArgumentException($"{name} must be a string.");

    private static int Integer(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new ArgumentException($"{value.GetRawText()} must be an integer of 32 bits.");

    // What PHP takes for false means the default.
    private static TimeSpan Seconds(JsonElement value, string setting) =>
        value.ValueKind switch
        {
            JsonValueKind.False => s_defaultTimeout,
            JsonValueKind.Number when value.TryGetDouble(out var seconds) && seconds is >= 0 and < 1e6 =>
                seconds == 0 ? s_defaultTimeout : TimeSpan.FromSeconds(seconds),
            _ => throw new ArgumentException($"{setting}['timeout'] must be a number of seconds."),
        };
}
