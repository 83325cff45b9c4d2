using System.Text;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;
using Debug = System.Diagnostics.Debug;

namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// The inner entry of intake, for all dialects: judges the events of a batch, and appends the accepted ones to the log.
/// Safe for concurrent use; a batch belongs to one caller.
/// </summary>
internal sealed class EventIntake(
    SchemaRepository schemas, FillPlans plans, EventLog log, AppendWait appends, ErrorEventQueue errorEvents,
    RefusedEvents refused,
    IntakeOptions options, IntakeDiagnostics diagnostics)
{
    private const string JudgedTooSlowly =
        "Not stored: the events, or a schema of theirs, could not be read in time; repeat later";

    /// <summary>
    /// Judges the events of a batch and appends the accepted ones, which become durable together or not at all.
    /// </summary>
    /// <param name="batch">The events; gets their verdicts.</param>
    /// <param name="origin">Who sent them.</param>
    /// <param name="deadline">Cancelled when the answer is due; then the records are withdrawn if the log's writer has
    /// not taken them.</param>
    /// <returns><see cref="AppendStatus.Stored"/> if all accepted events are on disk, with one outcome for each; else
    /// the reason, for clients.</returns>
    public async ValueTask<AppendResult> SubmitAsync(
        IntakeBatch batch, EventOrigin origin, CancellationToken deadline)
    {
        Debug.Assert(batch.IsOwned && batch.Append is null, "the owner of a batch submits it once");
        try
        {
            await JudgeAllAsync(batch.Body, batch.Judge, origin, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new AppendResult(AppendStatus.Withdrawn, [], JudgedTooSlowly);
        }

        var result = batch.Judge.Drafts.Count == 0
            ? new AppendResult(AppendStatus.Stored, [])
            : await AppendAsync(batch, deadline);
        if (result.Status != AppendStatus.Stored)
        {
            return result with { Reason = AppendWait.ReasonOf(result) };
        }

        Count(batch.Judge, result.Records);
        refused.Report(batch.Body.Events, batch.Judge.Verdicts, origin);
        errorEvents.Report(batch.Body.Events, batch.Judge.Verdicts, origin.Time);
        return result;
    }

    /// <summary>Judges the events of a body.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before all were judged.</exception>
    internal async ValueTask JudgeAllAsync(
        RequestBody body, EventJudge judge, EventOrigin origin, CancellationToken cancellationToken)
    {
        var index = JudgeKnown(body, judge, 0, origin, cancellationToken);
        while (index < body.Events.Count)
        {
            await JudgeByNewSchemaAsync(body.Events[index], judge, origin, cancellationToken);
            index = JudgeKnown(body, judge, index + 1, origin, cancellationToken);
        }
    }

    /// <summary>Judges events up to one whose schema is not loaded yet; returns its index.</summary>
    private int JudgeKnown(
        RequestBody body, EventJudge judge, int index, EventOrigin origin, CancellationToken cancellationToken)
    {
        var isDeep = body.Depth > options.NestingMax;

        // Neighbours mostly name the same schema, which then is not looked up again.
        var (known, schema, plan) = (default(JsonTapeValue), default(CompiledSchema), Array.Empty<FillField>());
        for (; index < body.Events.Count; index++)
        {
            // An event may cost up to a second: many of them must not outlast the deadline.
            cancellationToken.ThrowIfCancellationRequested();
            var @event = body.Events[index];
            if (Inspect(@event, isDeep) is { } refusal)
            {
                judge.Refuse(refusal);
                continue;
            }

            EventView.Read(@event, out var view);
            if (schema is null || view.Schema.Kind != JsonKind.String || !view.Schema.Raw.SequenceEqual(known.Raw))
            {
                if (!EventSchemaUri.TryRead(@event, view.Schema, origin.SchemaUri, out var uri, out var fault))
                {
                    judge.Refuse(EventVerdict.Refuse(@event.RawMemory, fault));
                    continue;
                }

                if (!schemas.TryGet(uri.Span, out schema))
                {
                    break;
                }

                (known, plan) = (view.Schema, plans.For(schema));
            }

            judge.Judge(@event, view, schema, plan, origin);
        }

        return index;
    }

    private async ValueTask JudgeByNewSchemaAsync(
        JsonTapeValue @event, EventJudge judge, EventOrigin origin, CancellationToken cancellationToken)
    {
        EventSchemaUri.TryRead(@event, @event["$schema"u8], origin.SchemaUri, out var uri, out _);
        var (schema, fault) = await schemas.GetAsync(Encoding.UTF8.GetString(uri.Span), cancellationToken);
        if (schema is null)
        {
            judge.Refuse(EventVerdict.Refuse(@event.RawMemory, fault ?? ""));
            return;
        }

        EventView.Read(@event, out var view);
        judge.Judge(@event, view, schema, plans.For(schema), origin);
    }

    /// <summary>The faults of an event that do not depend on its schema; null: none.</summary>
    private EventVerdict? Inspect(JsonTapeValue @event, bool isInDeepBody)
    {
        var raw = @event.RawMemory;
        if (raw.Length > options.EventBytesMax)
        {
            return EventVerdict.Refuse(
                raw,
                $"The event has {raw.Length} bytes; at most {options.EventBytesMax} are allowed "
                + "(Intake:EventBytesMax).",
                "larger than Intake:EventBytesMax allows");
        }

        if (isInDeepBody && @event.Depth > options.NestingMax)
        {
            return EventVerdict.Refuse(
                raw, $"The event is nested deeper than {options.NestingMax} levels (Intake:NestingMax).",
                "nested deeper than Intake:NestingMax allows");
        }

        return @event.FindDuplicateName() is { } name ? EventVerdict.Violate(raw, [DuplicateName(name)]) : null;
    }

    // Two readers would disagree about such an event, so the bus does not accept it.
    private static SchemaError DuplicateName(string name) => new(
        "duplicateName", "", "#", new System.Text.Json.Nodes.JsonObject { ["name"] = name }.ToJsonString(),
        $"should NOT have the member '{Echo.Of(name)}' twice in one object");

    private async ValueTask<AppendResult> AppendAsync(IntakeBatch batch, CancellationToken deadline)
    {
        var request = log.Append(batch.Judge.Drafts);
        batch.Append = request.Completion;
        return await appends.WaitAsync(request, deadline);
    }

    private void Count(EventJudge judge, IReadOnlyList<RecordOutcome> records)
    {
        // Neighbours are mostly alike, and are counted together.
        for (int start = 0, end; start < records.Count; start = end)
        {
            var stream = judge.Drafts[start].Stream;
            var isDuplicate = records[start].IsDuplicate;
            for (end = start + 1; end < records.Count; end++)
            {
                if (records[end].IsDuplicate != isDuplicate || judge.Drafts[end].Stream != stream)
                {
                    break;
                }
            }

            diagnostics.Events(stream, isDuplicate ? "duplicate" : "stored", end - start);
        }

        diagnostics.Refused("invalid", judge.Verdicts.InvalidCount);
        diagnostics.Refused("error", judge.Verdicts.ErrorCount);
    }
}
