using WikiBus.Server.Options;

namespace WikiBus.Server.Dream.Settings;

/// <summary>
/// The services that the configuration names: <c>Dream:Upstream</c> and <c>Dream:Downstream</c>, lists of objects with
/// <c>Uri</c> and <c>Key</c>.
/// </summary>
/// <param name="All">Upstream services first.</param>
internal sealed record ChainLinks(IReadOnlyList<ChainLink> All)
{
    public const string Upstream = "Upstream";
    public const string Downstream = "Downstream";

    /// <summary>Most services in one list.</summary>
    public const int CountMax = 100;

    /// <summary>Those without a fault. Faults are added to the others of the configuration.</summary>
    public static ChainLinks Read(IConfiguration configuration, OptionFaults faults)
    {
        var links = new List<ChainLink>();
        foreach (var list in (string[])[Upstream, Downstream])
        {
            var section = configuration.GetSection(ConfigurationPath.Combine(DreamOptions.Section, list));
            var entries = section.GetChildren().ToList();
            if (!string.IsNullOrEmpty(section.Value) || entries.Count > CountMax)
            {
                faults.Add(new OptionFault(section.Path, $"a list of at most {CountMax} objects is allowed"));
                continue;
            }

            foreach (var entry in entries)
            {
                var link = TryRead(entry, list == Upstream, out var fault);
                if (link is not null && links.Exists(other => other.IsSameService(link)))
                {
                    fault = "Uri: another entry of Dream:Upstream or Dream:Downstream has this service";
                }

                if (fault is null)
                {
                    links.Add(link!);
                }
                else
                {
                    faults.Add(new OptionFault(entry.Path, fault));
                }
            }
        }

        return new ChainLinks(links);
    }

    private static ChainLink? TryRead(IConfigurationSection entry, bool isUpstream, out string? fault)
    {
        fault = FindFault(entry);
        return fault is null ? new ChainLink(new Uri(entry["Uri"]!), entry["Key"] ?? "", isUpstream) : null;
    }

    private static string? FindFault(IConfigurationSection entry)
    {
        var unknown = entry.GetChildren().FirstOrDefault(static child =>
            !child.Key.Equals("Uri", StringComparison.OrdinalIgnoreCase)
            && !child.Key.Equals("Key", StringComparison.OrdinalIgnoreCase));
        return unknown is not null ? $"{unknown.Key}: there is no such member; Uri and Key are allowed"
            : entry["Uri"] is not { } uri || !OptionChecks.IsHttpUrl(uri)
                ? "Uri: the http(s) URL of the service's subscribers is needed, such as "
                    + "http://wiki/deki/pubsub/subscribers"
            : entry["Key"] is { } key && key.Any(static c => c is < ' ' or > '~')
                ? "Key: printable ASCII is allowed"
            : null;
    }
}
