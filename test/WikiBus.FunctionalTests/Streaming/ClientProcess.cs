using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>A client by others as a child process, which prints a line for each event.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private ClientProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>The folder of the clients' scripts and packages.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetDirectoryName(Source())!, "..", "..", "clients");

    /// <summary>Starts a client. Skips the test with a reason if the command does not exist.</summary>
    public static ClientProcess Start(string command, params string[] arguments)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, command)));
        Assert.SkipUnless(isThere, $"The command {command} is not installed.");
        return new ClientProcess(Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        })!);
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<string> ReadLineAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(TestTime.Limit);

    /// <summary>The next line that begins with a text.</summary>
    public async Task<string> ReadLineAsync(string start)
    {
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await _reading.WaitAsync(TestTime.Limit);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            await _lines.Writer.WriteAsync(line);
        }

        _lines.Writer.Complete(new EndOfStreamException($"The client ended: {await errors}"));
    }

    private static string Source([CallerFilePath] string path = "") => path;
}
