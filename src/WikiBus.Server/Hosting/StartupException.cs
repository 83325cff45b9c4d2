namespace WikiBus.Server.Hosting;

/// <summary>
/// The process cannot start; the message is for people and complete, the exit code says whose fault it is.
/// </summary>
internal sealed class StartupException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
