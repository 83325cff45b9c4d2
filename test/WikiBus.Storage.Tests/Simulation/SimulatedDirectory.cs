namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// A directory: its entries as programs see them, those that are durable, and the changes between the two. After a
/// failed
/// flush the changes still wait for the next one: entries are kept by the file system's journal, not in pages as
/// bytes are.
/// </summary>
internal sealed class SimulatedDirectory
{
    private readonly Dictionary<string, object> _current = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _durable = new(StringComparer.Ordinal);
    private readonly UnsyncedChanges<EntryChange> _unsynced = new();

    public IEnumerable<KeyValuePair<string, object>> Entries => _current;

    public IEnumerable<KeyValuePair<string, SimulatedContent>> Files => _current
        .Where(entry => entry.Value is SimulatedContent)
        .Select(entry => KeyValuePair.Create(entry.Key, (SimulatedContent)entry.Value));

    public T? Find<T>(string name)
        where T : class => _current.GetValueOrDefault(name) as T;

    public void Change(EntryChange change)
    {
        Apply(_current, change);
        _unsynced.Add(change);
    }

    public void Flush()
    {
        if (_unsynced.TryTakeFlushed(out var changes))
        {
            foreach (var change in changes)
            {
                Apply(_durable, change);
            }
        }
    }

    /// <summary>The directory as it is found after a power loss, with everything below it.</summary>
    public SimulatedDirectory AfterCrash(Survival survival)
    {
        var entries = new Dictionary<string, object>(_durable, StringComparer.Ordinal);
        foreach (var (change, isDurable) in _unsynced.InOrder())
        {
            if (isDurable || survival.Keeps())
            {
                Apply(entries, change);
            }
        }

        return WithEntries(entries, content => content.AfterCrash(survival), child => child.AfterCrash(survival));
    }

    /// <summary>A durable copy of what programs see now.</summary>
    public SimulatedDirectory Copy() =>
        WithEntries(_current, content => new FileImage(content.ToArray()), child => child.Copy());

    private static SimulatedDirectory WithEntries(
        Dictionary<string, object> entries,
        Func<SimulatedContent, FileImage> copyFile,
        Func<SimulatedDirectory, SimulatedDirectory> copyDirectory)
    {
        var copy = new SimulatedDirectory();
        foreach (var (name, target) in entries)
        {
            object copied = target is SimulatedDirectory directory
                ? copyDirectory(directory)
                : new SimulatedContent(copyFile((SimulatedContent)target));
            copy._current[name] = copied;
            copy._durable[name] = copied;
        }

        return copy;
    }

    private static void Apply(Dictionary<string, object> entries, EntryChange change)
    {
        if (change.Removed is not null)
        {
            entries.Remove(change.Removed);
        }

        if (change.Added is not null)
        {
            entries[change.Added] = change.Target!;
        }
    }
}
