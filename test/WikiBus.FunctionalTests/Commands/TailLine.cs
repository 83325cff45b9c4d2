using System.Text.Json;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>A line that <c>wikibus tail</c> wrote.</summary>
internal static class TailLine
{
    /// <summary>The event's own id.</summary>
    public static string IdOf(string line)
    {
        using var written = JsonDocument.Parse(line);
        return written.RootElement.GetProperty("meta").GetProperty("id").GetString()!;
    }
}
