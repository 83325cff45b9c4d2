using System.CommandLine;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary>The <c>wikibus</c> command with all its verbs.</summary>
internal static class WikiBusCommand
{
    /// <summary>Runs a verb; the answer is the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // Verbs decide themselves what a signal means: serve drains, the others just end.
            ProcessTerminationTimeout = null,
        };
        try
        {
            var result = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : result;
        }
        catch (CommandFault fault)
        {
            Terminal.Say(fault.Message);
            return fault.ExitCode;
        }
        catch (StartupException fault)
        {
            Terminal.Say(fault.Message);
            return fault.ExitCode;
        }
    }

    private static RootCommand Create() => new("WikiBus, the event bus for wikis")
    {
        ServeCommand.Create(),
        SendCommand.Create(),
        TailCommand.Create(),
        StreamsCommand.Create(),
        KeysCommand.Create(),
        LogCommand.Create(),
        SchemasCommand.Create(),
        CompletionCommand.Create(),
    };
}
