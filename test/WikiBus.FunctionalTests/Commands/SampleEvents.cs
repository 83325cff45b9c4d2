using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>The sample events of the repository.</summary>
internal static class SampleEvents
{
    public static string FilePath { get; } = Path.Combine(WikiBusBinary.Root, "samples", "events.ndjson");

    public static int Count { get; } = File.ReadLines(FilePath).Count();
}
