using System.Text;
using WikiBus.Schemas;
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

    private readonly EventJudge _judge = new(streamCheck, plans, log.HashSeed);

    /// <summary>Judges the events of a batch; makes a draft of each that is accepted.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before all were judged.</exception>
    public async ValueTask PrepareAsync(IntakeBatch batch, EventOrigin origin, CancellationToken cancellationToken)
    {
        for (var index = 0; index < batch.Events.Count; index++)
        {
            // An event may cost up to a second: many of them must not outlast the deadline.
            cancellationToken.ThrowIfCancellationRequested();
            var @event = batch.Events[index];
            if (Inspect(@event) is { } refusal)
            {
                batch.Add(refusal);
                continue;
            }

            if (!TryReadSchemaUri(@event, origin, out var uri, out var fault))
            {
                batch.Add(EventVerdict.Refuse(@event.RawMemory, fault));
                continue;
            }

            if (!schemas.TryGet(uri.Span, out var schema))
            {
                (schema, var reason) = await schemas.GetAsync(Encoding.UTF8.GetString(uri.Span), cancellationToken);
                fault = reason ?? "";
            }

            batch.Add(schema is null
                ? EventVerdict.Refuse(@event.RawMemory, fault)
                : _judge.Judge(batch, @event, schema, origin));
        }
    }

    /// <summary>What is wrong with the event whatever its schema says; null: nothing.</summary>
    private EventVerdict? Inspect(JsonNode @event)
    {
        var raw = @event.RawMemory;
        if (raw.Length > options.EventBytesMax)
        {
            return EventVerdict.Refuse(
                raw, $"The event has {raw.Length} bytes; at most {options.EventBytesMax} are allowed.");
        }

        if (@event.Depth > options.NestingMax)
        {
            return EventVerdict.Refuse(raw, $"The event is nested deeper than {options.NestingMax} levels.");
        }

        return @event.FindDuplicateName() is { } name ? EventVerdict.Violate(raw, [DuplicateName(name)]) : null;
    }

    // Two readers would disagree about such an event, so nobody shall get it.
    private static SchemaError DuplicateName(string name) => new(
        "duplicateName", "", "#", new System.Text.Json.Nodes.JsonObject { ["name"] = name }.ToJsonString(),
        $"should NOT have the member '{name}' twice in one object");

    private static bool TryReadSchemaUri(
        JsonNode @event, EventOrigin origin, out ReadOnlyMemory<byte> uri, out string fault)
    {
        var node = @event["$schema"u8];
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
