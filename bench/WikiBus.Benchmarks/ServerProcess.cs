using System.Diagnostics;

namespace WikiBus.Benchmarks;

/// <summary>A server as a child process, ready once it has announced its address.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopMax = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public Process Process => _process;

    /// <summary>Processor time since the start, in user and system mode.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };

        // It is this program's own. A server would take it for a mistyped option.
        start.Environment.Remove("WIKIBUS_CONFORMANCE");
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(s_startMax) is { } line)
        {
            var at = line.IndexOf("listening on ", StringComparison.Ordinal);
            if (at >= 0)
            {
                process.StandardOutput.ReadToEndAsync().ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter();
                return new ServerProcess(process, new Uri(line[(at + "listening on ".Length)..].Trim().Split(' ')[0]));
            }
        }

        throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended before it listened.");
    }

    /// <summary>This program again, with another verb.</summary>
    public static Task<ServerProcess> StartSelfAsync(params string[] arguments) =>
        StartAsync(Environment.ProcessPath!, arguments);

    /// <summary>The published WikiBus itself, which ./bench.sh has brought up to date.</summary>
    public static Task<ServerProcess> StartWikiBusAsync(string data, params string[] arguments) =>
        StartServeAsync(Path.Combine(Repository.Root, "artifacts", "wikibus", "wikibus"), data, arguments);

    /// <summary>A build of WikiBus, by the path of its binary.</summary>
    public static Task<ServerProcess> StartServeAsync(string binary, string data, params string[] arguments) =>
        StartAsync(binary, ["serve", "--data", data, "--listen", "http://127.0.0.1:0", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        var id = _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var stop = Process.Start("kill", ["-TERM", id]);
        await _process.WaitForExitAsync().WaitAsync(s_stopMax);
        _process.Dispose();
    }
}
