using System.CommandLine;

namespace WikiBus.Server.Commands.Client;

/// <summary>Makes the verbs that manage a running server: they have the options of the connection.</summary>
internal static class ServerVerb
{
    public static Command Create(
        string name, string description, IReadOnlyList<Symbol> symbols,
        Func<ParseResult, BusClient, CancellationToken, Task<int>> run)
    {
        var server = new ServerOptions(AdminKeyUse.Needed);
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        server.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var client = server.Connect(arguments);
            return await run(arguments, client, cancellationToken);
        });
        return command;
    }
}
