using System.Text;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// The inner entry of intake, which all dialects use: judges a request's events, appends those that are accepted to the
/// log, and says what to answer. Safe for concurrent use; a batch belongs to one caller.
/// </summary>
internal sealed class EventIntake(
    SchemaRepository schemas, FillPlans plans, EventJudge judge, EventLog log, IntakeBatchPool batches,
    ErrorEventQueue errorEvents, IntakeOptions options, IntakeDiagnostics diagnostics)
{
    /// <summary>The longest <c>$schema</c> in bytes.</summary>
    private const int SchemaUriBytesMax = 1024;

    /// <summary>
    /// Judges the events of a batch and appends the accepted ones, which become durable together or not at all.
    /// <see cref="IntakeOutcome.Pending"/> tells until when the batch is in use.
    /// </summary>
    /// <param name="batch">The events.</param>
    /// <param name="origin">Who sent them.</param>
    /// <param name="deadline">Cancelled when an answer must be given; then the request is withdrawn if the log's writer
    /// has not taken it.</param>
    public async ValueTask<IntakeOutcome> SubmitAsync(
        IntakeBatch batch, EventOrigin origin, CancellationToken deadline)
    {
        try
        {
            await JudgeAllAsync(batch, origin, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new IntakeOutcome(IntakeAnswer.Of(BodyFault.JudgedTooSlowly));
        }

        var append = batch.Drafts.Count == 0
            ? new AppendAnswer(AppendOutcome.Stored, [], null)
            : await AppendAsync(batch.Drafts, deadline);
        if (append.Outcome != AppendOutcome.Stored)
        {
            return new IntakeOutcome(IntakeAnswer.Of(append), append.Pending);
        }

        Count(batch, append.Records);
        errorEvents.Report(batch, origin);
        return new IntakeOutcome(IntakeAnswer.Of(batch.Events.Count, batch.InvalidCount, batch.ErrorCount));
    }

    /// <summary>Gives a batch back once nothing uses it any more.</summary>
    public void Return(IntakeBatch batch, Task? pending)
    {
        if (pending is null)
        {
            batches.Return(batch);
            return;
        }

        _ = ReturnAfterAsync(batch, pending);
    }

    // The log still reads the records; its task never faults.
    private async Task ReturnAfterAsync(IntakeBatch batch, Task pending)
    {
        await pending;
        batches.Return(batch);
    }

    /// <summary>Judges the events of a batch; makes a draft of each that is accepted.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before all were judged.</exception>
    internal async ValueTask JudgeAllAsync(IntakeBatch batch, EventOrigin origin, CancellationToken cancellationToken)
    {
        var index = JudgeKnown(batch, 0, origin, cancellationToken);
        while (index < batch.Events.Count)
        {
            batch.Add(await JudgeByNewSchemaAsync(batch, batch.Events[index], origin, cancellationToken));
            index = JudgeKnown(batch, index + 1, origin, cancellationToken);
        }
    }

    /// <summary>
    /// Judges events up to one whose schema has yet to be loaded; returns its index.
    /// </summary>
    private int JudgeKnown(
        IntakeBatch batch, int index, EventOrigin origin, CancellationToken cancellationToken)
    {
        var isDeep = batch.Tape.Root.Depth > options.NestingMax;

        // Neighbours name the same schema as a rule, which then is not looked up again.
        var (known, schema, plan) = (default(JsonTapeValue), default(CompiledSchema), Array.Empty<FillField>());
        for (; index < batch.Events.Count; index++)
        {
            // An event may cost up to a second: many of them must not outlast the deadline.
            cancellationToken.ThrowIfCancellationRequested();
            var @event = batch.Events[index];
            if (Inspect(@event, isDeep) is { } refusal)
            {
                batch.Add(refusal);
                continue;
            }

            EventView.Read(@event, out var view);
            if (schema is null || view.Schema.Kind != JsonKind.String || !view.Schema.Raw.SequenceEqual(known.Raw))
            {
                if (!TryReadSchemaUri(@event, view.Schema, origin, out var uri, out var fault))
                {
                    batch.Add(EventVerdict.Refuse(@event.RawMemory, fault));
                    continue;
                }

                if (!schemas.TryGet(uri.Span, out schema))
                {
                    break;
                }

                (known, plan) = (view.Schema, plans.For(schema));
            }

            batch.Add(judge.Judge(batch, @event, view, schema, plan, origin));
        }

        return index;
    }

    private async ValueTask<EventVerdict> JudgeByNewSchemaAsync(
        IntakeBatch batch, JsonTapeValue @event, EventOrigin origin, CancellationToken cancellationToken)
    {
        TryReadSchemaUri(@event, @event["$schema"u8], origin, out var uri, out _);
        var (schema, fault) = await schemas.GetAsync(Encoding.UTF8.GetString(uri.Span), cancellationToken);
        if (schema is null)
        {
            return EventVerdict.Refuse(@event.RawMemory, fault ?? "");
        }

        EventView.Read(@event, out var view);
        return judge.Judge(batch, @event, view, schema, plans.For(schema), origin);
    }

    /// <summary>What is wrong with the event whatever its schema says; null: nothing.</summary>
    private EventVerdict? Inspect(JsonTapeValue @event, bool isInDeepBody)
    {
        var raw = @event.RawMemory;
        if (raw.Length > options.EventBytesMax)
        {
            return EventVerdict.Refuse(
                raw, $"The event has {raw.Length} bytes; at most {options.EventBytesMax} are allowed.");
        }

        if (isInDeepBody && @event.Depth > options.NestingMax)
        {
            return EventVerdict.Refuse(raw, $"The event is nested deeper than {options.NestingMax} levels.");
        }

        return @event.FindDuplicateName() is { } name ? EventVerdict.Violate(raw, [DuplicateName(name)]) : null;
    }

    // Two readers would disagree about such an event, so nobody shall get it.
    private static SchemaError DuplicateName(string name) => new(
        "duplicateName", "", "#", new System.Text.Json.Nodes.JsonObject { ["name"] = name }.ToJsonString(),
        $"should NOT have the member '{Echo.Of(name)}' twice in one object");

    private static bool TryReadSchemaUri(
        JsonTapeValue @event, JsonTapeValue node, EventOrigin origin, out ReadOnlyMemory<byte> uri, out string fault)
    {
        uri = node.Kind switch
        {
            JsonKind.String => node.GetUtf8(),
            JsonKind.None when @event.Kind == JsonKind.Object && origin.SchemaUri is { } filled =>
                Encoding.UTF8.GetBytes(filled),
            _ => default,
        };
        fault = node.Kind switch
        {
            JsonKind.None when uri.IsEmpty => "Field(s) $schema were missing from event and could not be extracted.",
            not JsonKind.None and not JsonKind.String => "$schema must be a string.",
            _ when uri.Length > SchemaUriBytesMax => $"$schema is longer than {SchemaUriBytesMax} bytes.",
            _ => "",
        };
        if (fault.Length > 0)
        {
            return false;
        }

        if (EventSchemaUri.TryNormalise(uri, out var normalised))
        {
            uri = normalised;
            return true;
        }

        fault = $"Failed loading schema at {Encoding.UTF8.GetString(uri.Span)}";
        return false;
    }

    private async ValueTask<AppendAnswer> AppendAsync(IReadOnlyList<RecordDraft> drafts, CancellationToken deadline)
    {
        var request = log.Append(drafts);
        try
        {
            return AppendAnswer.Of(await request.Completion.WaitAsync(deadline));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return await AnswerAtDeadlineAsync(request);
        }
    }

    private async ValueTask<AppendAnswer> AnswerAtDeadlineAsync(AppendRequest request)
    {
        // Race: the writer may take the request just now. What TryWithdraw says is final either way.
        if (request.TryWithdraw())
        {
            diagnostics.Withdrawn();
            return AppendAnswer.NotStored("Not stored in time; repeat later");
        }

        if (request.Completion.IsCompleted)
        {
            return AppendAnswer.Of(await request.Completion);
        }

        diagnostics.OutcomeUnknown();
        return AppendAnswer.Unknown(request.Completion);
    }

    private void Count(IntakeBatch batch, IReadOnlyList<RecordOutcome> records)
    {
        // Neighbours are alike as a rule, and counted together.
        for (int start = 0, end; start < records.Count; start = end)
        {
            var stream = batch.Drafts[start].Stream;
            var isDuplicate = records[start].IsDuplicate;
            for (end = start + 1; end < records.Count; end++)
            {
                if (records[end].IsDuplicate != isDuplicate || batch.Drafts[end].Stream != stream)
                {
                    break;
                }
            }

            diagnostics.Events(stream, isDuplicate ? "duplicate" : "stored", end - start);
        }

        diagnostics.Refused("invalid", batch.InvalidCount);
        diagnostics.Refused("error", batch.ErrorCount);
    }
}
