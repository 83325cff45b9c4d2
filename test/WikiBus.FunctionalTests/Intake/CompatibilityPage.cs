using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>
/// The tables of <c>docs/compatibility.md</c> with the probes that the bus answers differently from EventGate.
/// </summary>
internal static partial class CompatibilityPage
{
    /// <summary>The answers to the probes listed in the table below a heading, by the probe's name.</summary>
    public static Dictionary<string, DocumentedAnswer> Read(string heading)
    {
        var page = File.ReadAllText(PagePath());
        var start = page.IndexOf(heading, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, $"docs/compatibility.md has no heading '{heading}'");
        var end = page.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        var section = end < 0 ? page[start..] : page[start..end];
        return Row().Matches(section).ToDictionary(
            static row => row.Groups["name"].Value,
            static row => new DocumentedAnswer(
                int.Parse(row.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture),
                int.Parse(row.Groups["invalid"].Value, System.Globalization.CultureInfo.InvariantCulture),
                int.Parse(row.Groups["error"].Value, System.Globalization.CultureInfo.InvariantCulture),
                int.Parse(row.Groups["stored"].Value, System.Globalization.CultureInfo.InvariantCulture)),
            StringComparer.Ordinal);
    }

    // | `probe` | what EventGate does | our status | invalid | error | stored | reason |
    [GeneratedRegex(
        @"^\| `(?<name>[^`]+)` \| [^|]* \| (?<status>\d+) \| (?<invalid>\d+) \| (?<error>\d+) \| " +
        @"(?<stored>\d+) \| [^|]+ \|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    private static string PagePath([CallerFilePath] string source = "") =>
        Path.GetFullPath("../../../docs/compatibility.md", Path.GetDirectoryName(source)!);
}
