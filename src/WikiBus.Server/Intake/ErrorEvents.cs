using System.Text;
using System.Threading.Channels;
using WikiBus.Schemas;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Intake;

/// <summary>
/// Tells a configured stream about events that violate their schema. Reporting never waits: what finds no room is
/// dropped and counted. The error events go through intake like any others, but about them nothing is told.
/// </summary>
internal sealed class ErrorEvents : BackgroundService
{
    private readonly IntakeOptions _options;
    private readonly IntakeDiagnostics _diagnostics;
    private readonly EventPipeline _pipeline;
    private readonly Appender _appender;
    private readonly IntakeBatchPool _batches;
    private readonly BytesInFlight _bytesInFlight;
    private readonly FillPlans _plans;
    private readonly TimeProvider _time;
    private readonly Channel<ErrorEvent> _queue;
    private readonly LastFault _fault = new();

    public ErrorEvents(
        IntakeOptions options, IntakeDiagnostics diagnostics, EventPipeline pipeline, Appender appender,
        IntakeBatchPool batches, BytesInFlight bytesInFlight, FillPlans plans, TimeProvider time)
    {
        (_options, _diagnostics, _pipeline, _appender, _batches, _bytesInFlight, _plans, _time) =
            (options, diagnostics, pipeline, appender, batches, bytesInFlight, plans, time);
        _queue = Channel.CreateBounded<ErrorEvent>(
            new BoundedChannelOptions(options.ErrorEventsMax)
            {
                SingleReader = true,
                FullMode = BoundedChannelFullMode.Wait,
            });
    }

    /// <summary>Queues an error event for each invalid event of a request whose answer is decided.</summary>
    public void Report(IntakeBatch batch, EventOrigin origin)
    {
        if (_options.ErrorStream.Length == 0 || batch.InvalidCount == 0)
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var error in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await TryAppendAsync(error, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is dropped: error events are told as far as possible, not promised.
        }
    }

    private void Queue(ErrorEvent error)
    {
        var isReserved = _bytesInFlight.TryReserve(error.Bytes);
        if (isReserved && _queue.Writer.TryWrite(error))
        {
            return;
        }

        _diagnostics.ErrorEventDropped();
        if (isReserved)
        {
            _bytesInFlight.Release(error.Bytes);
        }
    }

    private async Task TryAppendAsync(ErrorEvent error, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync(error, cancellationToken);
            _fault.Clear();
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // The boundary of the loop: what nobody expected costs this error event, told once while it lasts.
            if (_fault.IsNew(fault))
            {
                _diagnostics.ErrorEventFailed(fault);
            }
        }
    }

    private async Task AppendAsync(ErrorEvent error, CancellationToken cancellationToken)
    {
        var batch = _batches.Take();
        try
        {
            batch.Body.Append(error.ToJson(_options));
            if (!batch.Tape.TryParse(batch.Body.Memory, out var fault))
            {
                throw new InvalidOperationException($"An error event is no JSON: {fault.Message}");
            }

            batch.Events.Add(batch.Tape.Root);
            var origin = EventOrigin.Own(_time.GetUtcNow(), _plans.HeaderFields.Count);
            await _pipeline.PrepareAsync(batch, origin, cancellationToken);
            if (batch.Drafts.Count == 0)
            {
                _diagnostics.ErrorEventLost(batch.Verdicts[0].Message ?? batch.Verdicts[0].Violations![0].Message);
                return;
            }

            var answer = await _appender.AppendAsync(batch.Drafts, CancellationToken.None);
            if (answer.Outcome != AppendOutcome.Stored)
            {
                _diagnostics.ErrorEventLost(answer.Reason!);
            }
        }
        finally
        {
            _bytesInFlight.Release(error.Bytes);
            _batches.Return(batch);
        }
    }

    private bool IsErrorEvent(JsonNode @event) =>
        @event["meta"u8]["stream"u8] is { Kind: JsonKind.String } stream &&
        stream.TextEquals(Encoding.UTF8.GetBytes(_options.ErrorStream));
}
