using System.CommandLine.Parsing;
using System.CommandLine;
using System.Runtime.InteropServices;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Options;

namespace WikiBus.Server.Commands;

/// <summary><c>wikibus serve</c>: runs the bus until SIGTERM or Ctrl-C.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "Directory for everything that must survive (default ./data)",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> s_listen = new("--listen")
    {
        Description = "Address to listen on; may be repeated (default http://localhost:8192)",
        HelpName = "URL",
    };

    private static readonly Option<string?> s_config = new("--config")
    {
        Description = "Configuration file (default ./wikibus.json if it exists)",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> s_schemas = new("--schemas")
    {
        Description = "Schema repository before the built-in schemas; may be repeated",
        HelpName = "DIR|URL",
    };

    private static readonly Option<string?> s_streams = new("--streams")
    {
        Description = "Stream configuration as MediaWiki's EventStreamConfig emits it; only its streams are taken",
        HelpName = "FILE|URL",
    };

    private static readonly Option<bool> s_pageLink = new("--page-link")
    {
        Description = "Show a one-time link to the page, also if standard error is not a terminal",
    };

    public static Command Create()
    {
        var command = new Command(Name, "Run the bus until SIGTERM or Ctrl-C")
        {
            s_data, s_listen, s_config, s_schemas, s_streams, s_pageLink,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>
    /// Runs the bus. If the command line has errors, it only reports them, with the faults of the configuration.
    /// </summary>
    public static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var mistyped = MistypedNames.Find(arguments);
        List<OptionFault> faults =
        [
            .. arguments.Errors.Select(error => new OptionFault(
                "command line", $"{Text(error, mistyped).TrimEnd('.')}; see wikibus {Name} --help")),
        ];
        if (Value(arguments, s_streams) is "")
        {
            faults.Add(new OptionFault("--streams", "'' is not allowed; a file or an http(s) URL is"));
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var configuration = ServerConfiguration.Load(Value(arguments, s_config), Overrides(arguments), faults.Add);
        await using var server = await WikiBusServer.StartAsync(configuration, faults, seams: null, cancellationToken);
        foreach (var address in server.Addresses)
        {
            Terminal.WriteLine($"wikibus: listening on {address}");
        }

        // A journal would keep the link, and nobody could open it in time.
        if (arguments.GetValue(s_pageLink) || !Console.IsErrorRedirected)
        {
            Terminal.Say($"the page, for a browser on this machine (once, within 10 min): {server.MakePageLink()}");
        }

        await stop.Task;
        return ExitCodes.Done;

        // A second signal is not cancelled, so it ends the process immediately.
        void Stop(PosixSignalContext context) => context.Cancel = stop.TrySetResult();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Overrides(ParseResult arguments)
    {
        IEnumerable<(string Key, string? Value)> given =
        [
            ("Hosting:Data", Value(arguments, s_data)),
            ("Streams:Source", Value(arguments, s_streams)),
            .. Items("Hosting:Listen", Value(arguments, s_listen)),
            .. Items("Schemas:Sources", Value(arguments, s_schemas)),
        ];
        return given.Where(static option => option.Value is not null)
            .Select(static option => KeyValuePair.Create(option.Key, option.Value));
    }

    /// <summary>The option's value; null if it has errors, which are reported as such.</summary>
    private static T? Value<T>(ParseResult arguments, Option<T> option)
        where T : class? =>
        arguments.GetResult(option)?.Errors.Any() == true ? null : arguments.GetValue(option);

    /// <summary>The parser's message, or the better one for an option that does not exist.</summary>
    private static string Text(ParseError error, IReadOnlyList<(string Name, string Message)> mistyped) => mistyped
        .Where(option => error.Message.Contains($"'{option.Name}'", StringComparison.Ordinal))
        .Select(static option => option.Message)
        .FirstOrDefault(error.Message);

    private static IEnumerable<(string Key, string? Value)> Items(string key, string[]? values) =>
        (values ?? []).Select((value, index) => ($"{key}:{index}", (string?)value));
}
