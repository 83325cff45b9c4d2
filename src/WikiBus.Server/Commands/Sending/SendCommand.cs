using System.CommandLine;
using System.Runtime.InteropServices;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Sending;

/// <summary><c>wikibus send</c>: posts events from files or a pipe.</summary>
internal sealed class SendCommand
{
    private const int BatchDefault = 5_000;
    private const int BatchMax = 65_536;

    /// <summary>Signals within this time count as one.</summary>
    private static readonly TimeSpan s_oneSignal = TimeSpan.FromMilliseconds(500);

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

    private readonly Option<long> _batch = CountOption.Create(
        "--batch", "N", $"Most events in a request, which has at most 1 MiB (default {BatchDefault})", 1, BatchMax);

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files of events, one JSON object a line or JSON arrays; - is standard input (default)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var verb = new SendCommand();
        var command = new Command("send", """
            Send events to a running server

            Examples:
              wikibus send samples/events.ndjson
              wikibus tail mediawiki.recentchange --url http://other:8192 | wikibus send
            """) { verb._files, verb._hasty, verb._canary, verb._batch };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var client = _server.Connect(arguments);
        string[] files = arguments.GetValue(_files) is { Length: > 0 } named ? named : [SendRun.StandardInput];
        var batch = arguments.GetValue(_batch) is > 0 and var given ? (int)given : BatchDefault;
        var sender = new EventSender(client, arguments.GetValue(_hasty), batch, TimeProvider.System);
        var run = new SendRun(files, arguments.GetValue(_canary), sender);
        var isTyped = files.Contains(SendRun.StandardInput) && Terminal.IsTypedInto;
        if (isTyped)
        {
            Terminal.Say("reading events from standard input, one JSON object a line; Ctrl-D ends it");
        }

        return await RunAsync(run, sender, BytesOf(files), isTyped, cancellationToken);
    }

    private static async Task<int> RunAsync(
        SendRun run, EventSender sender, long? bytesTotal, bool isTyped, CancellationToken cancellationToken)
    {
        long? stoppedAt = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            // A read of standard input cannot be cancelled, so the wait for it ends without it.
            await SendProgress.RunAsync(
                bytesTotal, isTyped, progress => run.RunAsync(progress, stop.Token).WaitAsync(stop.Token));
        }
        catch (CommandFault exception)
        {
            Terminal.Say(exception.Message);
            Terminal.Say($"{run.Counts}. {run.Rest}");
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Terminal.Say($"Interrupted. {run.Counts}. {run.Rest}");
            return ExitCodes.Interrupted;
        }

        Terminal.Say(run.Counts);
        return sender.Refused == 0 ? ExitCodes.Done : ExitCodes.Failed;

        // A later signal is not cancelled, so it ends the process immediately. Programs such as timeout send two.
        void Stop(PosixSignalContext context)
        {
            var now = TimeProvider.System.GetTimestamp();
            stoppedAt ??= now;
            context.Cancel = TimeProvider.System.GetElapsedTime(stoppedAt.Value, now) < s_oneSignal;
            stop.Cancel();
        }
    }

    private static long? BytesOf(string[] files) =>
        files.All(File.Exists) ? files.Sum(static file => new FileInfo(file).Length) : null;
}
