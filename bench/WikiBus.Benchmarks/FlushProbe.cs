using System.Diagnostics;

namespace WikiBus.Benchmarks;

/// <summary>
/// What a flush costs on this disk: 4 KiB written and flushed, into a growing file and into a prepared one.
/// </summary>
internal static class FlushProbe
{
    private const int Rounds = 300;
    private const int WriteBytes = 4096;

    public static void Print(string folder) => Console.WriteLine(FormattableString.Invariant(
        $"fdatasync median: {Measure(folder, prepared: false):0.000} ms growing file, ")
        + FormattableString.Invariant($"{Measure(folder, prepared: true):0.000} ms prepared file"));

    private static double Measure(string folder, bool prepared)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "flush-probe");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        if (prepared)
        {
            RandomAccess.Write(file, new byte[Rounds * WriteBytes], 0);
            DataSync.Flush(file);
        }

        var bytes = new byte[WriteBytes];
        Array.Fill(bytes, (byte)7);
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, bytes, (long)i * WriteBytes);
            DataSync.Flush(file);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        file.Dispose();
        File.Delete(path);
        return Table.Median(times);
    }
}
