using System.Collections.Concurrent;

namespace WikiBus.Server.Options;

/// <summary>
/// Collects the faults of the configuration while features are added, so that they are reported together. Safe for
/// concurrent use.
/// </summary>
internal sealed class OptionFaults
{
    private readonly ConcurrentQueue<OptionFault> _faults = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _sections =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The faults found so far, in the order of the features.</summary>
    public IReadOnlyCollection<OptionFault> All => _faults;

    public void Add(OptionFault fault) => _faults.Enqueue(fault);

    /// <summary>
    /// Names the options of a section; null: the section belongs to Kestrel or the logging, and is not checked.
    /// </summary>
    public void Know(string section, IReadOnlyList<string>? keys) => _sections[section] = keys ?? [];

    /// <summary>Adds a fault for each configured key that no feature knows.</summary>
    public void AddUnknownKeys(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (!_sections.TryGetValue(section.Key, out var keys))
            {
                var sections = string.Join(", ", _sections.Keys.Order(StringComparer.Ordinal));
                Add(new OptionFault(section.Path, $"no such section; there are {sections}"));
            }
            else if (keys.Count > 0)
            {
                AddUnknownKeys(section, keys);
            }
        }
    }

    private void AddUnknownKeys(IConfigurationSection section, IReadOnlyList<string> keys)
    {
        foreach (var child in section.GetChildren())
        {
            if (!keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                Add(new OptionFault(child.Path, $"no such option; {section.Key} has {string.Join(", ", keys)}"));
            }
        }
    }
}
