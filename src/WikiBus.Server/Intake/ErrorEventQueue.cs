using System.Text;
using System.Threading.Channels;
using WikiBus.Json;

namespace WikiBus.Server.Intake;

/// <summary>
/// Error events that wait to be appended. Reporting never waits: what finds no room is dropped and counted. About error
/// events themselves nothing is told. Safe for concurrent use.
/// </summary>
internal sealed class ErrorEventQueue(
    IntakeOptions options, IntakeDiagnostics diagnostics, BytesInFlight bytesInFlight)
{
    private readonly Channel<ErrorEvent> _queue = Channel.CreateBounded<ErrorEvent>(
        new BoundedChannelOptions(options.ErrorEventsMax)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });

    /// <summary>Queues an error event for each invalid event of a request whose answer is decided.</summary>
    public void Report(IntakeBatch batch, EventOrigin origin)
    {
        if (options.ErrorStream.Length == 0 || batch.InvalidCount == 0)
        {
            return;
        }

        for (var index = 0; index < batch.Verdicts.Count; index++)
        {
            var verdict = batch.Verdicts[index];
            if (verdict.Status == EventStatus.Invalid && !IsErrorEvent(batch.Events[index]))
            {
                Queue(ErrorEvent.Of(batch.Events[index], verdict.Violations!, origin.Time));
            }
        }
    }

    /// <summary>The oldest first; ends when it is cancelled. <see cref="Release"/> each.</summary>
    public IAsyncEnumerable<ErrorEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Gives back what an error event counted for among the bytes in flight.</summary>
    public void Release(ErrorEvent error) => bytesInFlight.Release(error.Bytes);

    private void Queue(ErrorEvent error)
    {
        var isReserved = bytesInFlight.TryReserve(error.Bytes);
        if (isReserved && _queue.Writer.TryWrite(error))
        {
            return;
        }

        diagnostics.ErrorEventDropped();
        if (isReserved)
        {
            bytesInFlight.Release(error.Bytes);
        }
    }

    private bool IsErrorEvent(JsonTapeValue @event) =>
        @event["meta"u8]["stream"u8] is { Kind: JsonKind.String } stream &&
        stream.TextEquals(Encoding.UTF8.GetBytes(options.ErrorStream));
}
