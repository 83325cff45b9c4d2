using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// The real binary as a child process, so that a test can kill it. Disposing kills it if it still runs.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string ReadyLine = "wikibus: listening on ";

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _errorReader;

    private ServerProcess(Process process)
    {
        _process = process;
        _errorReader = ReadErrorAsync();
    }

    /// <summary>The first address that it announced.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Starts <c>wikibus serve</c> on 127.0.0.1:0 and waits for the ready line.</summary>
    public static Task<ServerProcess> StartAsync(string dataDirectory, params string[] arguments) =>
        StartAsync(["--data", dataDirectory, "--listen", "http://127.0.0.1:0", .. arguments], environment: []);

    /// <summary>Starts another one on the same data and address.</summary>
    public static Task<ServerProcess> StartAgainAsync(string dataDirectory, Uri address) =>
        StartAsync(["--data", dataDirectory, "--listen", address.GetLeftPart(UriPartial.Authority)], environment: []);

    /// <summary>Starts it as <c>ulimit -n</c> lets it open only so many files.</summary>
    public static Task<ServerProcess> StartWithFilesAsync(int openFilesMax, string dataDirectory) => StartAsync(
        WikiBusBinary.StartInfoWithFiles(
            openFilesMax, ["serve", "--data", dataDirectory, "--listen", "http://127.0.0.1:0"]));

    /// <param name="arguments">All arguments of <c>serve</c>.</param>
    /// <param name="environment">More variables of its environment.</param>
    public static Task<ServerProcess> StartAsync(string[] arguments, Dictionary<string, string> environment)
    {
        var start = WikiBusBinary.StartInfo(["serve", .. arguments]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return StartAsync(start);
    }

    private static async Task<ServerProcess> StartAsync(ProcessStartInfo start)
    {
        var server = new ServerProcess(Process.Start(start)!);
        while (await server._process.StandardOutput.ReadLineAsync().WaitAsync(TestTime.Limit) is { } line)
        {
            if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            {
                server.Address = new Uri(line[ReadyLine.Length..]);
                return server;
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"The server ended before it listened: {server.Error}");
    }

    /// <summary>Ends it as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
    }

    /// <summary>Kills it while clients work, as soon as it has acknowledged a number of their requests.</summary>
    /// <param name="acknowledgements">The number.</param>
    /// <param name="work">Starts the clients, which end with the server; they call the action for each answer.</param>
    public async Task KillDuringAsync(int acknowledgements, Func<Action, Task> work)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = work(() =>
        {
            if (Interlocked.Decrement(ref acknowledgements) == 0)
            {
                enough.TrySetResult();
            }
        });
        // A client that fails ends the wait, too. The last line then throws its exception.
        await Task.WhenAny(enough.Task, working).WaitAsync(TestTime.Limit);
        await KillAsync();
        await working.WaitAsync(TestTime.Limit);
    }

    /// <summary>Asks it to stop (SIGTERM), waits, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        // Its last lines may still be in the pipe.
        await _errorReader.WaitAsync(TestTime.Limit);
        return _process.ExitCode;
    }

    /// <summary>Sends it a signal by name, such as <c>HUP</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(TestTime.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _errorReader.WaitAsync(TestTime.Limit);
        _process.Dispose();
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
            {
                _error.AppendLine(line);
            }
        }
    }
}
