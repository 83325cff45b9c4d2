using System.Diagnostics;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>The binary while it runs, for verbs that do not end by themselves. Disposing ends it.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly Process _process;

    private RunningCommand(Process process)
    {
        _process = process;
        _process.StandardInput.Close();
    }

    public static RunningCommand Start(params string[] arguments) =>
        new(Process.Start(WikiBusBinary.StartInfo(arguments))!);

    public async Task<string> ReadLineAsync() =>
        (await _process.StandardOutput.ReadLineAsync(TestTime.Token())).ShouldNotBeNull();

    public async Task<string> ReadErrorLineAsync() =>
        (await _process.StandardError.ReadLineAsync(TestTime.Token())).ShouldNotBeNull();

    /// <summary>Closes the pipe that the command writes to, as <c>head</c> does when it ends.</summary>
    public void CloseOutput() => _process.StandardOutput.Dispose();

    /// <summary>Waits for its end; returns its exit code, and the rest that it said on standard error.</summary>
    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        var error = await _process.StandardError.ReadToEndAsync(TestTime.Token());
        await _process.WaitForExitAsync(TestTime.Token());
        return (_process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
