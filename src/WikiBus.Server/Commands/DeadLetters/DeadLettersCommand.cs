using System.CommandLine;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.DeadLetters;

/// <summary><c>wikibus deadletters</c>: the deliveries that a running server has given up.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() => new("deadletters", """
        List, replay and drop dead deliveries of a running server, which it has given up

        Examples:
          wikibus deadletters list --subscription sub-1 --since 1d
          wikibus deadletters show 17
          wikibus deadletters replay 17 18
          wikibus deadletters replay --subscription sub-1
          wikibus deadletters drop --stream test.event --yes
        """)
    {
        List(),
        Show(),
        Replay(),
        Drop(),
    };

    private static Command List()
    {
        var filter = new DeadLetterFilter();
        var limit = PagedList.CreateLimit();
        return ServerVerb.Create(
            "list", "List dead deliveries, by subscription, the oldest first", [.. filter.Symbols, limit],
            (arguments, client, token) => DeadLetterCalls.ListAsync(
                client, filter.Read(arguments), arguments.GetValue(limit), token));
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "The dead letter's id" };
        return ServerVerb.Create(
            "show", "Show a dead delivery with its payload", [id],
            (arguments, client, token) => DeadLetterCalls.ShowAsync(client, arguments.GetValue(id)!, token));
    }

    private static Command Replay()
    {
        var ids = IdsArgument();
        var filter = new DeadLetterFilter();
        return ServerVerb.Create(
            "replay", "Send dead deliveries again, named by their ids or by a filter", [ids, .. filter.Symbols],
            (arguments, client, token) => DeadLetterCalls.ReplayAsync(
                client, new DeadLetterChoice(arguments.GetValue(ids) ?? [], filter.Read(arguments)), token));
    }

    private static Command Drop()
    {
        var ids = IdsArgument();
        var filter = new DeadLetterFilter();
        var yes = new Option<bool>("--yes") { Description = "Drop all that the filter matches; needed with a filter" };
        return ServerVerb.Create(
            "drop", "Delete dead deliveries, named by their ids or by a filter", [ids, .. filter.Symbols, yes],
            (arguments, client, token) =>
            {
                var choice = new DeadLetterChoice(arguments.GetValue(ids) ?? [], filter.Read(arguments));
                return !choice.HasFilter || arguments.GetValue(yes)
                    ? DeadLetterCalls.DropAsync(client, choice, token)
                    : throw new CommandFault(
                        "To drop all that the filter matches, add --yes. wikibus deadletters list shows them.",
                        Hosting.ExitCodes.Usage);
            });
    }

    private static Argument<string[]> IdsArgument() => new("ID")
    {
        Description = "Ids of dead letters",
        Arity = ArgumentArity.ZeroOrMore,
    };
}
