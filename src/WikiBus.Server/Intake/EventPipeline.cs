using System.Text;
using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// What is done with each event before it is appended, in this order: its schema is found, what it lacks is filled in,
/// its stream is checked, it is validated, its record is made. Safe for concurrent use; a batch belongs to one caller.
/// </summary>
internal sealed class EventPipeline(
    SchemaRepository schemas, StreamCheck streamCheck, FillPlans plans, IntakeOptions options, EventLog log)
{
    /// <summary>The longest <c>$schema</c> in bytes.</summary>
    private const int SchemaUriBytesMax = 1024;

    private readonly EventJudge _judge = new(streamCheck, log.HashSeed);

    /// <summary>Judges the events of a batch; makes a draft of each that is accepted.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before all were judged.</exception>
    public async ValueTask PrepareAsync(IntakeBatch batch, EventOrigin origin, CancellationToken cancellationToken)
    {
        var index = PrepareKnown(batch, 0, origin, cancellationToken);
        while (index < batch.Events.Count)
        {
            batch.Add(await JudgeByNewSchemaAsync(batch, batch.Events[index], origin, cancellationToken));
            index = PrepareKnown(batch, index + 1, origin, cancellationToken);
        }
    }

    /// <summary>
    /// Judges events up to one whose schema has yet to be loaded; returns its index.
    /// </summary>
    private int PrepareKnown(
        IntakeBatch batch, int index, EventOrigin origin, CancellationToken cancellationToken)
    {
        var isDeep = batch.Tape.Root.Depth > options.NestingMax;

        // Neighbours name the same schema as a rule, which then is not looked up again.
        var (known, schema, plan) = (default(JsonNode), default(CompiledSchema), Array.Empty<FillField>());
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

            batch.Add(_judge.Judge(batch, @event, view, schema, plan, origin));
        }

        return index;
    }

    private async ValueTask<EventVerdict> JudgeByNewSchemaAsync(
        IntakeBatch batch, JsonNode @event, EventOrigin origin, CancellationToken cancellationToken)
    {
        TryReadSchemaUri(@event, @event["$schema"u8], origin, out var uri, out _);
        var (schema, fault) = await schemas.GetAsync(Encoding.UTF8.GetString(uri.Span), cancellationToken);
        if (schema is null)
        {
            return EventVerdict.Refuse(@event.RawMemory, fault ?? "");
        }

        EventView.Read(@event, out var view);
        return _judge.Judge(batch, @event, view, schema, plans.For(schema), origin);
    }

    /// <summary>What is wrong with the event whatever its schema says; null: nothing.</summary>
    private EventVerdict? Inspect(JsonNode @event, bool isInDeepBody)
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
        JsonNode @event, JsonNode node, EventOrigin origin, out ReadOnlyMemory<byte> uri, out string fault)
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
}
