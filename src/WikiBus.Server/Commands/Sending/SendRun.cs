using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Sending;

/// <summary>One run of <c>wikibus send</c>: gives the events of the files, in their order, to the sender.</summary>
internal sealed class SendRun(IReadOnlyList<string> files, bool isCanary, EventSender sender)
{
    /// <summary>The name that means standard input.</summary>
    public const string StandardInput = "-";

    private string _file = files[0];
    private EventFile? _source;

    /// <summary>How many events were accepted and refused so far.</summary>
    public string Counts =>
        $"{Terminal.Count(sender.Accepted, "event")} accepted, {sender.Refused} refused"
        + (sender.Duplicates > 0 ? $"; {sender.Duplicates} of the accepted are duplicates, not stored again" : "");

    /// <summary>Which part of the files the server did not accept, for a run that stopped early.</summary>
    public string Rest => sender.FirstPending is { } pending
        ? $"Nothing was accepted from {pending.Source} line {pending.Line}, event {pending.Number} on."
        : $"Nothing was sent from {NameOf(_file)} line {_source?.Line ?? 1}, event {_source?.Number ?? 1} on.";

    /// <exception cref="CommandFault">A file or the server stopped the run.</exception>
    public async Task RunAsync(SendProgress progress, CancellationToken cancellationToken)
    {
        // To open a pipe waits until somebody writes to it, and cannot be cancelled. The caller must not wait with it.
        await Task.Yield();
        var bytesBefore = 0L;
        foreach (var file in files)
        {
            (_file, _source) = (file, null);
            await using var stream = Open(file);
            var source = _source = new EventFile(NameOf(file), stream);
            var before = bytesBefore;
            await SendAllAsync(source, () => progress.Report(before + source.BytesRead, sender), cancellationToken);
            bytesBefore += source.BytesRead;
        }
    }

    /// <summary>While events keep coming, requests are as large as allowed. Before a pause the rest is sent.</summary>
    private async Task SendAllAsync(EventFile source, Action report, CancellationToken cancellationToken)
    {
        // Not disposed: it holds nothing, and a fault of the server can come while its next read runs.
        var events = source.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = events.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await sender.FlushAsync(cancellationToken);
                report();
            }

            PostedEvent posted;
            try
            {
                if (!await next)
                {
                    break;
                }

                posted = isCanary ? CanaryEvent.From(events.Current) : events.Current;
            }
            catch (CommandFault)
            {
                // The events before the fault are sent first, so that a later run continues at the fault's line.
                await sender.FlushAsync(cancellationToken);
                throw;
            }

            await sender.AddAsync(posted, cancellationToken);
        }

        await sender.FlushAsync(cancellationToken);
        report();
    }

    /// <summary>How messages name a file.</summary>
    private static string NameOf(string file) => file == StandardInput ? "standard input" : file;

    private static Stream Open(string file)
    {
        if (Directory.Exists(file) && file != StandardInput)
        {
            throw new CommandFault($"'{file}' is a folder; name the files in it.");
        }

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
}
