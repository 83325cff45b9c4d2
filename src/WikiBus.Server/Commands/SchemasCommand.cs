using System.CommandLine;
using WikiBus.Schemas;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary><c>wikibus schemas check</c>: checks a schema repository before the bus uses it.</summary>
internal static class SchemasCommand
{
    public static Command Create() => new("schemas", "Work on schema repositories, without a server") { Check() };

    private static Command Check()
    {
        var folder = new Argument<string>("DIR") { Description = "The repository's folder" };
        var command = new Command("check", """
            Check that every schema compiles and every example in it validates

            Examples:
              wikibus schemas check ./jsonschema
            """) { folder };
        command.SetAction((arguments, cancellationToken) => CheckAsync(arguments.GetValue(folder)!, cancellationToken));
        return command;
    }

    private static async Task<int> CheckAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandFault($"There is no folder '{folder}'.", ExitCodes.Usage);
        }

        var check = await SchemaChecker.CheckAsync(folder, TimeProvider.System, cancellationToken);
        if (check.SchemaCount == 0 && check.Findings.Count == 0)
        {
            throw new CommandFault($"There is no schema in '{folder}'.");
        }

        foreach (var finding in check.Findings)
        {
            Terminal.WriteLine(finding.ToString());
        }

        Terminal.Say(string.Join(
            ", ",
            Terminal.Count(check.SchemaCount, "schema"),
            Terminal.Count(check.ExampleCount, "example"),
            Terminal.Count(check.Findings.Count, "fault")));
        return check.Findings.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
