using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WikiBus.Json;
using WikiBus.Schemas;

namespace WikiBus.Benchmarks;

/// <summary>
/// Parsing and validating the recorded events with Wikimedia's schemas, beside ajv; both on one core, in turns.
/// </summary>
internal static class SchemasBenchmark
{
    private const int Rounds = 5;
    private const double SecondsPerFigure = 1;
    private const int WarmUpPasses = 150;
    private const string Core = "0";

    private static readonly TimeSpan s_warmUpPause = TimeSpan.FromMilliseconds(40);
    private static readonly string s_folder = Path.Combine(Repository.Root, "artifacts", "bench", "schemas");
    private static readonly string s_script = Path.Combine(Repository.Root, "bench", "schemas", "bench.mjs");

    public static async Task<int> RunAsync()
    {
        await StartAsync("node", s_script, "prepare", Repository.Conformance, s_folder);
        var ajv = new List<Figures>();
        var ours = new List<Figures>();
        var seconds = SecondsPerFigure.ToString(CultureInfo.InvariantCulture);
        for (var round = 0; round < Rounds; round++)
        {
            ajv.Add(Figures.Read(await StartAsync("taskset", "-c", Core, "node", s_script, "run", s_folder, seconds)));
            ours.Add(Figures.Read(await StartAsync("taskset", "-c", Core, Environment.ProcessPath!, "schemas-run",
                s_folder)));
        }

        var table = new Table("µs of processor time per event", "WikiBus", "ajv 8", "ajv / WikiBus");
        AddRow(table, "bytes to verdict", ours, ajv, figures => figures.Bytes);
        AddRow(table, "verdict (ajv: from a string that is ready)", ours, ajv, figures => figures.Text);
        AddRow(table, "parsing alone (ajv: JSON.parse of a string)", ours, ajv, figures => figures.Parse);
        table.Print($"schemas: {CountEvents()} events, median of {Rounds} runs in turns on core {Core}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"all events valid: {!ours.Concat(ajv).Any(figures => figures.Invalid)}"));
        return 0;
    }

    /// <summary>One run of our side, in a process of its own.</summary>
    public static int RunOnce(string folder)
    {
        var events = ReadEvents(folder);
        var schemas = ReadSchemas(folder);
        var tape = new JsonTape();
        var invalid = false;
        var whole = Measure(events, text =>
        {
            tape.TryParse(text, out _);
            var root = tape.Root;
            invalid |= !schemas[root["$schema"u8].GetString()].Validate(root);
        });
        var parse = Measure(events, text => tape.TryParse(text, out _));
        Console.WriteLine(JsonSerializer.Serialize(new Figures(whole, whole, parse, invalid),
            JsonSerializerOptions.Web));
        return 0;
    }

    private static void AddRow(Table table, string name, List<Figures> ours, List<Figures> ajv, Func<Figures,
        double> figure)
    {
        var own = Table.Median(ours.Select(figure));
        var other = Table.Median(ajv.Select(figure));
        table.Add(name, own.ToString("0.00", CultureInfo.InvariantCulture),
            other.ToString("0.00", CultureInfo.InvariantCulture),
            Table.Verdict(other / own, 2));
    }

    /// <summary>
    /// Microseconds of processor time per event, after as long a warm-up: it counts all threads, and nobody else's
    /// work.
    /// </summary>
    private static double Measure(byte[][] events, Action<byte[]> step)
    {
        WarmUp(events, step);
        var (passes, elapsed) = Repeat(events, step);
        return elapsed.TotalMicroseconds / (passes * events.Length);
    }

    /// <summary>Runs with pauses: on one core the compiler's own thread gets its turn only then.</summary>
    private static void WarmUp(byte[][] events, Action<byte[]> step)
    {
        for (var pass = 0; pass < WarmUpPasses; pass++)
        {
            Array.ForEach(events, step);
            Thread.Sleep(s_warmUpPause);
        }

        Repeat(events, step);
    }

    private static (int Passes, TimeSpan Elapsed) Repeat(byte[][] events, Action<byte[]> step)
    {
        var start = Environment.CpuUsage.TotalTime;
        var passes = 0;
        for (; (Environment.CpuUsage.TotalTime - start).TotalSeconds < SecondsPerFigure; passes++)
        {
            foreach (var text in events)
            {
                step(text);
            }
        }

        return (passes, Environment.CpuUsage.TotalTime - start);
    }

    private static byte[][] ReadEvents(string folder)
    {
        var text = File.ReadAllBytes(Path.Combine(folder, "events.ndjson"));
        var events = new List<byte[]>();
        foreach (var line in text.AsSpan().Split((byte)'\n'))
        {
            events.Add(text[line]);
        }

        return [.. events];
    }

    private static Dictionary<string, CompiledSchema> ReadSchemas(string folder)
    {
        var tape = new JsonTape();
        if (!tape.TryParse(File.ReadAllBytes(Path.Combine(folder, "schemas.json")), out var fault))
        {
            throw new InvalidDataException(fault.Message);
        }

        var schemas = new Dictionary<string, CompiledSchema>(StringComparer.Ordinal);
        for (var members = tape.Root.GetEnumerator(); members.MoveNext();)
        {
            var compiled = SchemaCompiler.Compile(members.Current.RawMemory, new SchemaCompilerOptions());
            schemas[members.Name.GetString()] = compiled.Schema ?? throw new InvalidDataException(compiled.Fault);
        }

        return schemas;
    }

    private static int CountEvents() => ReadEvents(s_folder).Length;

    private static async Task<string> StartAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
    }

    /// <summary>Microseconds per event, as both sides print them.</summary>
    private sealed record Figures(double Bytes, double Text, double Parse, bool Invalid)
    {
        public static Figures Read(string json) =>
            JsonSerializer.Deserialize<Figures>(json, JsonSerializerOptions.Web)!;
    }
}
