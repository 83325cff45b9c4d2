namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>Programs of the machine that a test needs.</summary>
internal static class Programs
{
    /// <summary>Is it in a folder of <c>PATH</c>?</summary>
    public static bool Has(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, name)));
}
