using Spectre.Console;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Sending;

/// <summary>
/// Shows the progress of a send on a terminal, and nothing elsewhere. The cursor is hidden until the work ends.
/// </summary>
internal sealed class SendProgress
{
    private readonly ProgressTask? _task;

    private SendProgress(ProgressTask? task) => _task = task;

    /// <param name="bytesTotal">The bytes to send; null when that is unknown (a pipe).</param>
    /// <param name="isTyped">Whether a person types the events, who sees them without a progress between.</param>
    /// <param name="send">The work, which reports by <see cref="Report"/>.</param>
    public static Task RunAsync(long? bytesTotal, bool isTyped, Func<SendProgress, Task> send)
    {
        if (!Terminal.ShowsProgress || isTyped)
        {
            return send(new SendProgress(null));
        }

        return Terminal.Error().Progress().StartAsync(context =>
        {
            var task = context.AddTask("sending", maxValue: Math.Max(bytesTotal ?? 1, 1));
            task.IsIndeterminate = bytesTotal is null;
            return send(new SendProgress(task));
        });
    }

    public void Report(long bytesDone, EventSender sender)
    {
        if (_task is not null)
        {
            _task.Value = bytesDone;
            _task.Description = $"{sender.Accepted} accepted, {sender.Refused} refused";
        }
    }
}
