using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>The built program <c>test/OutboxWiki</c> as a child process. Disposing kills it if it still runs.</summary>
internal sealed class OutboxWikiProcess : IAsyncDisposable
{
    // The tests and the program are built together, into folders side by side.
    private static readonly string s_program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "OutboxWiki",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "OutboxWiki");

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task _readers;
    private long _commits;
    private (long Count, TaskCompletionSource Reached) _awaited = (long.MaxValue, new());

    private OutboxWikiProcess(Process process)
    {
        _process = process;
        _readers = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    /// <summary>What it logged: Warnings and Errors.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts it, and waits until it works.</summary>
    public static async Task<OutboxWikiProcess> StartAsync(
        string role, OutboxDatabase database, Uri bus, int seed)
    {
        var wiki = new OutboxWikiProcess(Process.Start(new ProcessStartInfo(
            s_program,
            [
                role, database.Kind.ToString(), database.ConnectionString, new Uri(bus, "/v1/events").AbsoluteUri,
                seed.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!);
        await wiki._ready.Task.WaitAsync(TestTime.Limit);
        return wiki;
    }

    /// <summary>Waits until it has committed more transactions.</summary>
    public Task WaitForCommitsAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_process)
        {
            _awaited = (_commits + count, reached);
        }

        return Task.WhenAny(reached.Task, _readers).WaitAsync(TestTime.Limit);
    }

    /// <summary>Ends it as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.HasExited.ShouldBeFalse($"it ended by itself: {Errors}");
        _process.Kill();
        await WaitForEndAsync();
    }

    /// <summary>Asks it to stop (SIGTERM), and waits for its end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await WaitForEndAsync();
        _process.ExitCode.ShouldBe(0, Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await WaitForEndAsync();
        _process.Dispose();
    }

    private async Task WaitForEndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await _readers.WaitAsync(TestTime.Limit);
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
            {
                _ready.TrySetResult();
                continue;
            }

            lock (_process)
            {
                if (++_commits == _awaited.Count)
                {
                    _awaited.Reached.SetResult();
                }
            }
        }

        _ready.TrySetException(new InvalidOperationException($"The program ended: {Errors}"));
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.Enqueue(line);
        }
    }
}
