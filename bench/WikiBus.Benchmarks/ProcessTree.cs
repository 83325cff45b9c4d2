using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>Processor time of a process, its children, and those that have ended.</summary>
internal static class ProcessTree
{
    // Of /proc/PID/stat, after the name in parentheses: the parent, and the four times in ticks.
    private const int Parent = 1;
    private const int FirstTime = 11;
    private const int TicksPerSecond = 100;

    public static TimeSpan ProcessorTime(int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        var ticks = Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(folder => (Id: Path.GetFileName(folder), Fields: Read(folder)))
            .Where(item => item.Fields.Length > 0 && (item.Id == id || item.Fields[Parent] == id))
            .SelectMany(item => item.Fields.Skip(FirstTime).Take(4))
            .Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(ticks / (double)TicksPerSecond);
    }

    private static string[] Read(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
