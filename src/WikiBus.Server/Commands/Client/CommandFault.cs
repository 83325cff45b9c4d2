using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Client;

/// <summary>A verb cannot continue. The message is complete, and for people.</summary>
internal sealed class CommandFault(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
