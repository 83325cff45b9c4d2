using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using WikiBus.Json;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// Error events that wait to be appended. Reporting never waits: error events without room are dropped, and counted.
/// There are no error events about error events. Safe for concurrent use.
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

    /// <summary>Queues an error event for each invalid event.</summary>
    /// <param name="events">The events of a batch.</param>
    /// <param name="verdicts">The final verdicts on them.</param>
    /// <param name="time">When they came.</param>
    public void Report(IReadOnlyList<JsonTapeValue> events, EventVerdicts verdicts, DateTimeOffset time)
    {
        if (options.ErrorStream.Length == 0 || verdicts.InvalidCount == 0)
        {
            return;
        }

        Debug.Assert(events.Count == verdicts.All.Count, "each event has a verdict");
        for (var index = 0; index < events.Count; index++)
        {
            var verdict = verdicts.All[index];
            if (verdict.Status == EventStatus.Invalid && !IsErrorEvent(events[index]))
            {
                Queue(ErrorEvent.Of(events[index], verdict.Violations!, time));
            }
        }
    }

    /// <summary>The oldest first, until it is cancelled. The caller gives each to <see cref="Release"/>.</summary>
    public IAsyncEnumerable<ErrorEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Gives back the bytes in flight of an error event.</summary>
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
