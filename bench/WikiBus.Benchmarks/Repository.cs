namespace WikiBus.Benchmarks;

/// <summary>Where the repository and the recordings are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Conformance { get; } =
        Environment.GetEnvironmentVariable("WIKIBUS_CONFORMANCE") ?? Path.Combine(Root, "..", "shared", "conformance");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WikiBus.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run it from its place below the repository.");
    }
}
