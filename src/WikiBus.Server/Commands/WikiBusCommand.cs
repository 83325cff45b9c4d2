using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Commands.DeadLetters;
using WikiBus.Server.Commands.Keys;
using WikiBus.Server.Commands.Reading;
using WikiBus.Server.Commands.Sending;
using WikiBus.Server.Commands.Subscriptions;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands;

/// <summary>The <c>wikibus</c> command with all its verbs.</summary>
internal static class WikiBusCommand
{
    private static readonly char[] s_blanks = [' ', '\t', '\r', '\n'];

    /// <summary>Runs a verb, and returns the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ClosedStreams.Keep();
        var isNothingAsked = arguments.Length == 0;
        var parsed = Create().Parse(isNothingAsked ? ["--help"] : arguments);
        ShortenListOfVerbs(parsed.CommandResult.Command);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // Each verb decides what a signal means: serve drains, the others end.
            ProcessTerminationTimeout = null,

            // The parser's own texts, such as the help; it would abort when they cannot be written.
            Output = output,
            Error = error,
        };
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction
                && parsed.CommandResult.Command.Name == ServeCommand.Name)
            {
                return await ServeCommand.RunAsync(parsed, CancellationToken.None);
            }

            if (IsRun(parsed) && FaultsOf(parsed) is { Length: > 0 } faults)
            {
                throw new CommandFault($"{faults} See {PathOf(parsed.CommandResult)} --help.", ExitCodes.Usage);
            }

            var result = await parsed.InvokeAsync(configuration);
            if (isNothingAsked)
            {
                Terminal.WriteError($"{output}");
                Terminal.Say($"a command is needed, such as wikibus {ServeCommand.Name}");
                return ExitCodes.Usage;
            }

            Terminal.Write($"{output}");
            Terminal.WriteError($"{error}");
            return parsed.Errors.Count == 0 ? result : ExitCodes.Usage;
        }
        catch (CommandFault exception)
        {
            Terminal.Say(exception.Message);
            return exception.ExitCode;
        }
        catch (StartupException exception)
        {
            Terminal.Say(exception.Message);
            return exception.ExitCode;
        }
    }

    /// <summary>The help of a command describes the verbs below it by one line each.</summary>
    private static void ShortenListOfVerbs(Command command)
    {
        foreach (var verb in command.Subcommands)
        {
            verb.Description = verb.Description?.Split('\n')[0].TrimEnd('\r');
        }
    }

    /// <summary>Whether the verb itself would run, not the help, the version or a completion.</summary>
    private static bool IsRun(ParseResult parsed) =>
        parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action;

    /// <summary>What is wrong with the command line; empty if nothing is.</summary>
    private static string FaultsOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var given, ..] && !given.StartsWith('-'))
        {
            return MistypedNames.MessageOfVerb(given, command);
        }

        if (MistypedNames.Find(parsed) is { Count: > 0 } mistyped)
        {
            return string.Join(' ', mistyped.Select(static option => option.Message));
        }

        // A message of the parser may have several lines.
        return string.Join(' ', parsed.Errors.Select(static error =>
            $"{string.Join(' ', error.Message.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.')}."));
    }

    /// <summary>The words of a command, such as <c>wikibus keys create</c>.</summary>
    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent
        ? $"{PathOf(parent)} {command.Command.Name}"
        : "wikibus";

    private static RootCommand Create() => new("WikiBus, the event bus for wikis")
    {
        ServeCommand.Create(),
        SendCommand.Create(),
        TailCommand.Create(),
        StreamsCommand.Create(),
        KeysCommand.Create(),
        SubscriptionsCommand.Create(),
        DeadLettersCommand.Create(),
        WhyCommand.Create(),
        LogCommand.Create(),
        SchemasCommand.Create(),
        CompletionCommand.Create(),
    };
}
