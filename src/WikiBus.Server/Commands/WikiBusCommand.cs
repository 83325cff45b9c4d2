using System.CommandLine;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary>The <c>wikibus</c> command with all its verbs.</summary>
internal static class WikiBusCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);

        // Verbs handle signals themselves: serve drains, tail ends; nothing is to be cut off after a fixed time.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
        var result = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : result;
    }

    private static RootCommand Create() => new("WikiBus, the event bus for wikis")
    {
        ServeCommand.Create(),
    };
}
