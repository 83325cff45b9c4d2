namespace WikiBus.Storage.Tests.Simulation;

/// <summary>The files and directories of a <see cref="SimulatedDisk"/> by their paths.</summary>
internal sealed class SimulatedTree(SimulatedDirectory root)
{
    public long UsedBytes => UsedBytesOf(root);

    public SimulatedTree AfterCrash(Survival survival) => new(root.AfterCrash(survival));

    public SimulatedTree Copy() => new(root.Copy());

    public void CreateDirectory(string path)
    {
        var directory = root;
        foreach (var name in NamesOf(path))
        {
            var child = directory.Find<SimulatedDirectory>(name);
            if (child is null)
            {
                child = new SimulatedDirectory();
                directory.Change(new EntryChange(null, name, child));
            }

            directory = child;
        }
    }

    public void MoveDirectory(string from, string to)
    {
        var directory = FindDirectory(from)!;
        DirectoryOf(from).Change(new EntryChange(Path.GetFileName(from), null, null!));
        DirectoryOf(to).Change(new EntryChange(null, Path.GetFileName(to), directory));
    }

    public SimulatedContent CreateFile(string path)
    {
        if (FindFile(path) is not null)
        {
            throw new IOException($"{path} exists already.");
        }

        var content = new SimulatedContent(new FileImage([]));
        DirectoryOf(path).Change(new EntryChange(null, Path.GetFileName(path), content));
        return content;
    }

    public SimulatedContent FileAt(string path) => FindFile(path) ?? throw new FileNotFoundException(path);

    public SimulatedContent? FindFile(string path) =>
        FindDirectory(Path.GetDirectoryName(path)!)?.Find<SimulatedContent>(Path.GetFileName(path));

    public SimulatedDirectory DirectoryOf(string path) =>
        FindDirectory(Path.GetDirectoryName(path)!) ?? throw new DirectoryNotFoundException(path);

    public SimulatedDirectory? FindDirectory(string path) => NamesOf(path).Aggregate(
        (SimulatedDirectory?)root, (directory, name) => directory?.Find<SimulatedDirectory>(name));

    private static long UsedBytesOf(SimulatedDirectory directory) => directory.Entries.Sum(entry =>
        entry.Value is SimulatedContent content ? content.Length : UsedBytesOf((SimulatedDirectory)entry.Value));

    private static string[] NamesOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
