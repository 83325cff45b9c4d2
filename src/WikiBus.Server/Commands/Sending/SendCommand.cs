using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Sending;

/// <summary><c>wikibus send</c>: posts events from files or a pipe.</summary>
internal sealed class SendCommand
{
    private const string StandardInput = "-";

    private readonly ServerOptions _server = new(AdminKeyUse.None);

    private readonly Option<bool> _hasty = new("--hasty")
    {
        Description = "Do not wait until the events are checked and stored",
    };

    private readonly Option<bool> _canary = new("--canary")
    {
        Description = "Send the events as canaries: their domain becomes 'canary', "
            + "readers do not get them unless they ask",
    };

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files of events, one JSON object a line or JSON arrays; - is standard input (default)",
        DefaultValueFactory = static _ => [StandardInput],
    };

    public static Command Create()
    {
        var verb = new SendCommand();
        var command = new Command("send", """
            Send events to a running server

            Examples:
              wikibus send samples/events.ndjson
              wikibus tail mediawiki.recentchange --url http://other:8192 | wikibus send
            """) { verb._files, verb._hasty, verb._canary };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var client = _server.Connect(arguments);
        var sender = new EventSender(client, arguments.GetValue(_hasty), TimeProvider.System);
        var files = arguments.GetValue(_files)!;
        var isCanary = arguments.GetValue(_canary);
        await SendProgress.RunAsync(BytesOf(files), async progress =>
        {
            var bytesBefore = 0L;
            foreach (var file in files)
            {
                bytesBefore += await SendFileAsync(file, bytesBefore);
            }

            async Task<long> SendFileAsync(string file, long before)
            {
                await using var stream = Open(file);
                var source = new EventFile(file, stream);
                await SendAllAsync(
                    source, sender, isCanary, () => progress.Report(before + source.BytesRead, sender),
                    cancellationToken);
                return source.BytesRead;
            }
        });

        Terminal.Say($"{Terminal.Count(sender.Accepted, "event")} accepted, {sender.Refused} refused");
        return sender.Refused == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>While events keep coming, requests are as large as allowed. Before a pause the rest is sent.</summary>
    private static async Task SendAllAsync(
        EventFile source, EventSender sender, bool isCanary, Action report, CancellationToken cancellationToken)
    {
        await using var events = source.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = events.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await sender.FlushAsync(cancellationToken);
                report();
            }

            if (!await next)
            {
                break;
            }

            await sender.AddAsync(isCanary ? CanaryEvent.From(events.Current) : events.Current, cancellationToken);
        }

        await sender.FlushAsync(cancellationToken);
        report();
    }

    private static Stream Open(string file)
    {
        try
        {
            return file == StandardInput
                ? Console.OpenStandardInput()
                : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(exception.Message);
        }
    }

    private static long? BytesOf(string[] files) =>
        files.All(File.Exists) ? files.Sum(static file => new FileInfo(file).Length) : null;
}
