using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary>A verb cannot go on; the message is for people and complete.</summary>
internal sealed class CommandFault(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
