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

    /// <summary>
    /// The faults found so far, in the order of the features. Those that only follow from another one are left out.
    /// </summary>
    public IReadOnlyList<OptionFault> All => [.. _faults.Where(fault => fault.DependsOn is not { } other
        || !_faults.Any(found => found.DependsOn is null && (Has(found, other) || Has(found, fault.Key))))];

    public void Add(OptionFault fault) => _faults.Enqueue(fault);

    /// <summary>True: the option's value is not allowed.</summary>
    public bool Has(string key) => _faults.Any(fault => Has(fault, key));

    /// <summary>Names options of a section; several parts of a feature may name theirs.</summary>
    public void Know(string section, IReadOnlyList<string> keys) =>
        _sections.AddOrUpdate(section, keys, (_, known) => [.. known.Union(keys, StringComparer.OrdinalIgnoreCase)]);

    /// <summary>Adds a fault for each configured key that no feature knows.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="variableOf">The environment variable that sets a key; null if none does.</param>
    public void AddUnknownKeys(IConfiguration configuration, Func<string, string?> variableOf)
    {
        foreach (var section in configuration.GetChildren())
        {
            var keys = _sections.GetValueOrDefault(section.Key) ?? [];
            var children = section.GetChildren().ToList();
            if (children.Count == 0 && !string.IsNullOrEmpty(section.Value))
            {
                AddUnknown(section);
            }

            foreach (var child in children)
            {
                if (!keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                {
                    AddUnknown(child);
                }
                else if (_sections.TryGetValue(child.Path, out var inner))
                {
                    // A section within a section.
                    child.GetChildren().Where(one => !inner.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
                        .ToList().ForEach(AddUnknown);
                }
            }
        }

        void AddUnknown(IConfigurationSection unknown)
        {
            var children = unknown.GetChildren().ToList();
            children.ForEach(AddUnknown);
            if (children.Count > 0)
            {
                return;
            }

            var nearest = NearestOption.To(
                unknown.Path, _sections.SelectMany(static known => known.Value.Select(key => (known.Key, key))));
            Add(variableOf(unknown.Path) is { } variable
                ? new OptionFault(variable, $"no such option; the nearest is {OptionVariable.Of(nearest)}")
                : new OptionFault(unknown.Path, $"no such option; the nearest is {nearest}"));
        }
    }

    private static bool Has(OptionFault fault, string key) => fault.Key.Equals(key, StringComparison.OrdinalIgnoreCase);
}
