using System.CommandLine;
using System.Text.Json;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Options;
using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Commands.Reading;

/// <summary><c>wikibus tail</c>: writes the events of streams as they come, one a line.</summary>
internal sealed class TailCommand
{
    private readonly ServerOptions _server = new(AdminKeyUse.Tried);

    private readonly Argument<string[]> _streams = new("STREAM")
    {
        Description = "The streams to read, also joined by commas; * in a name matches any characters, "
            + "also in streams that come later",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "Begin with the first event appended at or after this time, such as 2020-01-01 or 1h (an hour "
            + $"ago; units: {Duration.Units})",
        HelpName = "TIME",
    };

    private readonly Option<long> _last = CountOption.Create(
        "--last", "N", "Begin with the last N events of each stream, counted before --filter and --channel");

    private readonly Option<string?> _lastEventId = new("--last-event-id")
    {
        Description = "Continue after the event with this id, as --ids writes it",
        HelpName = "ID",
    };

    private readonly Option<string?> _until = new("--until")
    {
        Description = "End before the first event appended at or after this time; "
            + "does not wait for streams that do not exist yet",
        HelpName = "TIME",
    };

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only events for which PATH OP VALUE holds, such as user~bot; may be repeated, all must hold",
        HelpName = "FILTER",
    };

    private readonly Option<string?> _channel = new("--channel")
    {
        Description = "Only events of these channels, such as event://*/mediawiki/*",
        HelpName = "PATTERN",
    };

    private readonly Option<string?> _fields = new("--fields")
    {
        Description = "Only these members, by name or path; $schema and meta always stay",
        HelpName = "A,B",
    };

    private readonly Option<bool> _canary = new("--canary") { Description = "Also canary events" };

    private readonly Option<bool> _ids = new("--ids")
    {
        Description = """Write each event as {"id":ID,"event":EVENT}, so that --last-event-id can resume after it""",
    };

    private readonly Option<long> _count =
        CountOption.Create("--count", "N", "End after this many events");

    public static Command Create()
    {
        var verb = new TailCommand();
        var command = new Command("tail", """
            Follow streams of a running server; one event a line on standard output

            It waits for streams that do not exist yet. It ends with exit code 0 when --count or --until is reached, or
            with the next event after the reader of its output has gone.

            Examples:
              wikibus tail mediawiki.recentchange --since 1h
              wikibus tail mediawiki.recentchange --filter bot=false --fields title,user
              wikibus tail mediawiki.page-create mediawiki.page-delete --last 10
              wikibus tail 'mediawiki.page-*' --count 10
            """)
        {
            verb._streams, verb._since, verb._last, verb._lastEventId, verb._until, verb._filter, verb._channel,
            verb._fields, verb._canary, verb._ids, verb._count,
        };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var choice = new StreamChoice(arguments.GetValue(_streams)!);
        var start = Start(arguments, time.GetUtcNow());
        var until = TimeOption.Read("--until", arguments.GetValue(_until), time.GetUtcNow());
        TimeOption.CheckOrder(start.Since, until);
        var query = TailQuery.Of(
            until, arguments.GetValue(_filter) ?? [], arguments.GetValue(_channel), arguments.GetValue(_fields),
            arguments.GetValue(_canary));
        using var client = _server.Connect(arguments);
        var output = new TailOutput(new StandardOutput())
        {
            CountMax = arguments.GetResult(_count) is null ? long.MaxValue : arguments.GetValue(_count),
            HasIds = arguments.GetValue(_ids),
        };
        var follower = new StreamFollower(client, choice, start, output, time)
        {
            Query = query,
            CanWait = until is null,
        };
        await follower.RunAsync(cancellationToken);
        return ExitCodes.Done;
    }

    private TailStart Start(ParseResult arguments, DateTimeOffset now)
    {
        Option[] places = [_since, _last, _lastEventId];
        var given = places.Where(option => arguments.GetResult(option) is not null).ToList();
        return given.Count > 1
            ? throw new CommandFault(
                $"{given[0].Name} and {given[1].Name} both say where to begin; one of them is allowed.",
                ExitCodes.Usage)
            : new TailStart(
                TimeOption.Read("--since", arguments.GetValue(_since), now),
                Id(arguments.GetValue(_lastEventId)),
                arguments.GetResult(_last) is null ? null : arguments.GetValue(_last));
    }

    /// <summary>The id on one line, and in ASCII, as a header needs it.</summary>
    private static string? Id(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!IsJson(text))
        {
            throw new CommandFault(
                $"--last-event-id: '{text}' is not allowed; an id as tail --ids writes it, a JSON array, is.",
                ExitCodes.Usage);
        }

        if (!ResumeId.TryParse(text, out _, out var fault))
        {
            throw new CommandFault(
                $"--last-event-id: {fault.Message} An id is allowed as tail --ids writes it, a JSON array.",
                ExitCodes.Usage);
        }

        using var id = JsonDocument.Parse(text);
        return JsonSerializer.Serialize(id.RootElement);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
