namespace WikiBus.Server.Hosting;

/// <summary>
/// The process cannot start. The message is complete, and for people. The exit code is one of <see cref="ExitCodes"/>.
/// </summary>
internal sealed class StartupException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
