using System.Reflection;

namespace WikiBus.Server.Options;

/// <summary>
/// Fills a feature's options from its section. Unlike the framework's binder it reports every fault instead of the
/// first. A list in one source replaces the whole list of earlier sources, and the default.
/// </summary>
internal static class OptionBinder
{
    public static T Bind<T>(IConfiguration configuration, OptionFaults faults)
        where T : class, IFeatureOptions, new()
    {
        var options = new T();
        var properties = Properties(typeof(T));
        faults.Know(T.Section, [.. properties.Select(static property => property.Name)]);
        foreach (var property in properties)
        {
            BindProperty(options, property, configuration, Path(property), faults);
        }

        foreach (var fault in options.Validate())
        {
            faults.Add(fault);
        }

        // An option at fault gets its default, so that what depends on it can still be checked.
        var defaults = new T();
        foreach (var property in properties.Where(property => faults.Has(Path(property))))
        {
            property.SetValue(options, property.GetValue(defaults));
        }

        return options;

        static string Path(PropertyInfo property) => ConfigurationPath.Combine(T.Section, property.Name);
    }

    /// <summary>The properties that can be configured.</summary>
    public static PropertyInfo[] Properties(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite),
    ];

    private static void BindProperty(
        object options, PropertyInfo property, IConfiguration configuration, string path, OptionFaults faults)
    {
        var section = configuration.GetSection(path);
        if (!section.Exists() && section.Value is null)
        {
            return;
        }

        if (property.PropertyType == typeof(IReadOnlyList<string>))
        {
            property.SetValue(options, List(configuration, path));
        }
        else if (section.GetChildren().Any())
        {
            faults.Add(new OptionFault(path, "is a list or an object; a single value is allowed"));
        }
        else if (OptionText.TryParse(property.PropertyType, section.Value ?? "", out var value, out var expected))
        {
            property.SetValue(options, value);
        }
        else
        {
            faults.Add(new OptionFault(path, $"'{section.Value}' is not allowed; {expected} is"));
        }
    }

    private static List<string> List(IConfiguration configuration, string path)
    {
        if (configuration is IConfigurationRoot root)
        {
            foreach (var provider in root.Providers.Reverse())
            {
                if (ListOf(provider, path) is { } list)
                {
                    return list;
                }
            }
        }

        return [.. configuration.GetSection(path).GetChildren().Select(static item => item.Value ?? "")];
    }

    private static List<string>? ListOf(IConfigurationProvider provider, string path)
    {
        var keys = provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (keys.Count > 0)
        {
            keys.Sort(ConfigurationKeyComparer.Instance);
            return [.. keys.Select(key => Value(provider, ConfigurationPath.Combine(path, key)))];
        }

        // A scalar is a list, too, so that an environment variable can hold one. An empty JSON array arrives as "".
        return provider.TryGet(path, out var value) ? Items(value ?? "") : null;
    }

    // Commas and blanks separate items. Between two commas without an item there is an empty one, which no list allows.
    private static List<string> Items(string text) => string.IsNullOrWhiteSpace(text) ? [] :
    [
        .. text.Split(',').SelectMany(static part => string.IsNullOrWhiteSpace(part)
            ? [""]
            : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    private static string Value(IConfigurationProvider provider, string path) =>
        provider.TryGet(path, out var value) ? value ?? "" : "";
}
