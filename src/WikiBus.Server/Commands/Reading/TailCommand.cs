using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Reading;

/// <summary><c>wikibus tail</c>: writes the events of streams as they come, one a line.</summary>
internal sealed class TailCommand
{
    private readonly ServerOptions _server = new(manages: false);
    private readonly Argument<string> _streams = new("STREAM[,STREAM]...") { Description = "The streams to read" };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "Begin with the first event appended at or after this time, such as 2020-01-01 or ms since 1970",
        HelpName = "TIME",
    };

    private readonly Option<string?> _until = new("--until")
    {
        Description = "End before the first event appended at or after this time",
        HelpName = "TIME",
    };

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only events for which PATH OP VALUE holds, OP one of = != ~ < >; may be repeated, all must hold",
        HelpName = "FILTER",
    };

    private readonly Option<string?> _fields = new("--fields")
    {
        Description = "Only these members, by name or path; $schema and meta always stay",
        HelpName = "A,B",
    };

    private readonly Option<long> _count =
        CountOption.Create("--count", "N", "End after this many events");

    public static Command Create()
    {
        var verb = new TailCommand();
        var command = new Command("tail", """
            Follow streams of a running server; one event a line on standard output

            Examples:
              wikibus tail mediawiki.recentchange --since 2020-01-01
              wikibus tail mediawiki.recentchange --filter bot=false --fields title,user
              wikibus tail mediawiki.page-create,mediawiki.page-delete --count 10
            """) { verb._streams, verb._since, verb._until, verb._filter, verb._fields, verb._count };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var client = _server.Connect(arguments);
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 64 << 10);
        var follower = new StreamFollower(client, Target(arguments), TimeProvider.System)
        {
            CountMax = arguments.GetResult(_count) is null ? long.MaxValue : arguments.GetValue(_count),
        };
        await follower.RunAsync(output, cancellationToken);
        return ExitCodes.Done;
    }

    private string Target(ParseResult arguments)
    {
        IEnumerable<(string Name, string? Value)> query =
        [
            ("since", arguments.GetValue(_since)),
            ("until", arguments.GetValue(_until)),
            .. arguments.GetValue(_filter)?.Select(static filter => ("filter", (string?)filter)) ?? [],
            ("fields", arguments.GetValue(_fields)),
        ];
        var given = query.Where(static part => part.Value is not null)
            .Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        var path = "v2/stream/" + Uri.EscapeDataString(arguments.GetValue(_streams)!);
        return string.Join('&', given) is { Length: > 0 } parameters ? $"{path}?{parameters}" : path;
    }
}
