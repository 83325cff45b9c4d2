using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>A table as text, and the arithmetic of repeated runs.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public void Add(params object[] cells) =>
        _rows.Add([.. cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!)]);

    public void Print(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        var widths = heads.Select((head, i) => _rows.Select(row => row[i].Length).Append(head.Length).Max()).ToArray();
        foreach (var row in _rows.Prepend(heads))
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, i) =>
                i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))));
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A figure and whether it reaches its goal.</summary>
    public static string Verdict(double figure, double goal, bool atMost = false)
    {
        var reached = atMost ? figure <= goal : figure >= goal;
        return string.Create(CultureInfo.InvariantCulture,
            $"{figure:0.00} ({(atMost ? "at most" : "at least")} {goal:0.##}: {(reached ? "yes" : "NO")})");
    }
}
