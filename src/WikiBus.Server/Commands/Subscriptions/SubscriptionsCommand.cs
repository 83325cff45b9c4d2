using System.CommandLine;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary><c>wikibus subscriptions</c>: the subscriptions of a running server.</summary>
internal static class SubscriptionsCommand
{
    private const string Path = "v1/subscriptions";

    public static Command Create() => new("subscriptions", """
        Manage the subscriptions of a running server, which send events to webhooks

        Examples:
          wikibus subscriptions create https://a.example/hook --stream 'mediawiki.*'
          wikibus subscriptions list
          wikibus subscriptions test sub-1
          wikibus subscriptions deliveries sub-1 --verdict failed
          wikibus subscriptions replay sub-1 --from 1h
        """)
    {
        CreateSubscription(),
        List(),
        Show(),
        Replace(),
        Rotate(),
        Test(),
        Pause(),
        Resume(),
        Replay(),
        Deliveries(),
        Delete(),
    };

    private static Command CreateSubscription()
    {
        var target = TargetArgument();
        var members = new SubscriptionMembers();
        var id = new Option<string?>("--id")
        {
            Description = "The subscription's id; with it, the same command may be repeated (default: made up)",
            HelpName = "ID",
        };
        var start = PlaceOption.Create("--start", "The first event (default: now)");
        var secret = SecretFile.CreateOption();
        const string Description = "Make a subscription; its secret is shown once";
        IReadOnlyList<Symbol> symbols = [target, id, .. members.Symbols, start, secret];
        return ServerVerb.Create("create", Description, symbols, (arguments, client, token) =>
        {
            members.CheckInputs(arguments, arguments.GetValue(secret));
            return SubscriptionCalls.CreateAsync(client, Path, writer =>
            {
                JsonBody.WriteText(writer, "id", arguments.GetValue(id));
                JsonBody.WriteText(writer, "url", arguments.GetValue(target));
                members.Write(arguments, writer);
                JsonBody.WriteText(writer, "start", PlaceOption.Read(arguments.GetValue(start)));
                JsonBody.WriteText(writer, "secret", SecretFile.Read(arguments.GetValue(secret)));
            }, token);
        });
    }

    private static Command Replace()
    {
        var id = IdArgument();
        var target = TargetArgument();
        var members = new SubscriptionMembers();
        var keptHeader = new Option<string[]>("--keep-header")
        {
            Description = "Keep this header and its value; may be repeated",
            HelpName = "NAME",
        };
        var owner = new Option<string?>("--owner")
        {
            Description = "Give it to another key; needs a key with the role manage",
            HelpName = "KEY-ID",
        };
        const string Description =
            "Replace all members of a subscription; what is not named becomes the default, the secret stays";
        IReadOnlyList<Symbol> symbols = [id, target, .. members.Symbols, keptHeader, owner];
        return ServerVerb.Create("replace", Description, symbols, (arguments, client, token) =>
            SubscriptionCalls.ReplaceAsync(client, OnePath(arguments.GetValue(id)!), writer =>
            {
                JsonBody.WriteText(writer, "url", arguments.GetValue(target));
                members.Write(arguments, writer, arguments.GetValue(keptHeader) ?? []);
                JsonBody.WriteText(writer, "owner", arguments.GetValue(owner));
            }, token));
    }

    private static Command List()
    {
        var limit = PagedList.CreateLimit();
        return ServerVerb.Create(
            "list", "List the subscriptions; those of all keys with the role manage", [limit],
            (arguments, client, token) => PagedList.WriteAsync(
                client, Path, arguments.GetValue(limit), SubscriptionTables.OfSubscriptions,
                SubscriptionTables.SubscriptionCells, token));
    }

    private static Command Show() => Verb(
        "show", "Show a subscription with its state, without its secret",
        static (client, id, token) => SubscriptionCalls.ShowAsync(client, OnePath(id), token));

    private static Command Test() => Verb(
        "test", "Send a signed test request now, and show the answer; exit 1 unless its status is 2xx",
        static (client, id, token) => SubscriptionCalls.TestAsync(client, $"{OnePath(id)}/test", token));

    private static Command Pause() => Verb(
        "pause", "Send nothing until the subscription is resumed; nothing is lost",
        static (client, id, token) => SubscriptionCalls.OperateAsync(
            client, $"{OnePath(id)}/pause", content: null, _ => $"the subscription {id} is paused", token));

    private static Command Delete() => Verb(
        "delete", "Delete a subscription, with its waiting and dead deliveries",
        static (client, id, token) => SubscriptionCalls.DeleteAsync(client, OnePath(id), id, token));

    private static Command Resume()
    {
        var id = IdArgument();
        var from = new Option<string?>("--from")
        {
            Description = "Skip what happened meanwhile (default: continue where it was paused)",
            HelpName = "now",
        };
        from.AcceptOnlyFromAmong("now");
        const string Description = "Send again, also after a recipient answered 410 (gone), and when suspended";
        return ServerVerb.Create("resume", Description, [id, from], (arguments, client, token) =>
        {
            var name = arguments.GetValue(id)!;
            var query = arguments.GetValue(from) is null ? "" : "?from=now";
            return SubscriptionCalls.OperateAsync(
                client, $"{OnePath(name)}/resume{query}", content: null,
                answer => SubscriptionCalls.Positions(answer) is { } skipped && query.Length > 0
                    ? $"the subscription {name} is resumed; {skipped} skipped"
                    : $"the subscription {name} is resumed",
                token);
        });
    }

    private static Command Replay()
    {
        var id = IdArgument();
        var from = PlaceOption.Create("--from", "The first event to send again");
        var to = PlaceOption.Create("--to", "The event after the last one (default: up to where it is now)");
        var cancel = new Option<bool>("--cancel") { Description = "End the replay that runs" };
        const string Description = "Send a range of events again, beside new ones";
        return ServerVerb.Create("replay", Description, [id, from, to, cancel], (arguments, client, token) =>
        {
            var (first, end) = (arguments.GetValue(from), arguments.GetValue(to));
            var isCancelled = arguments.GetValue(cancel);
            if (isCancelled ? first is not null || end is not null : first is null)
            {
                throw new CommandFault("--from or --cancel is needed, not both.", Hosting.ExitCodes.Usage);
            }

            var name = arguments.GetValue(id)!;
            return isCancelled
                ? SubscriptionCalls.CancelReplayAsync(client, $"{OnePath(name)}/replay", name, token)
                : SubscriptionCalls.ReplayAsync(
                    client, $"{OnePath(name)}/replay", name, PlaceOption.Read(first)!, PlaceOption.Read(end), token);
        });
    }

    private static Command Rotate()
    {
        var id = IdArgument();
        var secret = SecretFile.CreateOption();
        const string Description = "Give a subscription a new secret; the old one signs, too, for 24 h";
        return ServerVerb.Create("rotate", Description, [id, secret], (arguments, client, token) =>
            SubscriptionCalls.CreateAsync(
                client, $"{OnePath(arguments.GetValue(id)!)}/rotate",
                writer => JsonBody.WriteText(writer, "secret", SecretFile.Read(arguments.GetValue(secret))), token));
    }

    private static Command Deliveries()
    {
        var id = IdArgument();
        var record = new Option<string?>("--record")
        {
            Description = "Only of this record: a position or STREAM@OFFSET",
            HelpName = "RECORD",
        };
        var verdict = new Option<string?>("--verdict")
        {
            Description = "Only with this outcome, such as done or failed",
            HelpName = "VERDICT",
        };
        var limit = PagedList.CreateLimit();
        const string Description = "List the tries of a subscription, the newest first";
        return ServerVerb.Create("deliveries", Description, [id, record, verdict, limit], (arguments, client, token) =>
            PagedList.WriteAsync(
                client,
                QueryPath.Of(
                    $"{OnePath(arguments.GetValue(id)!)}/deliveries",
                    ("record", arguments.GetValue(record)), ("verdict", arguments.GetValue(verdict))),
                arguments.GetValue(limit), SubscriptionTables.OfDeliveries, SubscriptionTables.DeliveryCells, token));
    }

    private static Command Verb(
        string name, string description, Func<BusClient, string, CancellationToken, Task<int>> run)
    {
        var id = IdArgument();
        return ServerVerb.Create(name, description, [id], (arguments, client, token) =>
            run(client, arguments.GetValue(id)!, token));
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The subscription's id" };

    private static Argument<string> TargetArgument() => new("TARGET")
    {
        Description = "The http or https address that gets the events",
    };

    private static string OnePath(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
