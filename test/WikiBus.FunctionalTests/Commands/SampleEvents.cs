namespace WikiBus.FunctionalTests.Commands;

/// <summary>The events that the repository ships to try the bus with.</summary>
internal static class SampleEvents
{
    public static string FilePath { get; } = Find();

    public static int Count { get; } = File.ReadLines(FilePath).Count();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WikiBus.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run below the repository.");
        }

        return Path.Combine(folder.FullName, "samples", "events.ndjson");
    }
}
