using System.Text;
using WikiBus.Events;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Intake.Judging;

/// <summary>
/// Decides whether an event may go into the stream that it names, in the words of EventGate's stream check (its section
/// 3.3). Safe for concurrent use.
/// </summary>
internal sealed class StreamCheck(StreamCatalog catalog, StreamsOptions streams)
{
    private const string NoStream = "Field(s) meta.stream were missing from event and could not be extracted.";

    /// <summary>The stream's name, or why the event may not go there.</summary>
    /// <param name="view">The event.</param>
    /// <param name="schema">The schema that it names.</param>
    /// <param name="origin">Who sent it.</param>
    /// <param name="admitted">The stream of the batch that was admitted last; it is not checked again.</param>
    /// <param name="added">New streams of the accepted events before this one in the batch.</param>
    /// <param name="fault">Why the event may not go there; null: it may.</param>
    public string? Find(
        in EventView view, CompiledSchema schema, EventOrigin origin, ref AdmittedStream admitted,
        IReadOnlySet<string> added, out StreamFault? fault)
    {
        if (view.Stream.Kind != JsonKind.String)
        {
            fault = new StreamFault(NoStream, NoStream);
            return null;
        }

        var bytes = EventView.TextSpan(view.Stream);
        if (admitted.Schema == schema && Ascii.Equals(bytes, admitted.Name))
        {
            fault = null;
            return admitted.Name;
        }

        if (!StreamName.IsValid(bytes))
        {
            fault = Refusal(view, "unknown", "a stream's name has 1 to 200 letters, digits, '.', '_' and '-'.");
            return null;
        }

        var name = catalog.NameOf(bytes);
        var isNew = !catalog.HasRecords(name);
        var reason = Reason(name, schema)
            ?? (isNew && !catalog.HasRoomFor(name, added) ? $"there are {streams.CountMax} streams already." : null)
            ?? KeyReason(view, name, origin);
        fault = reason is null ? null : Refusal(view, name, reason);

        // A new stream takes room only if an event of it is accepted, so each of its events is checked.
        if (fault is null && !isNew && origin.MayPublishAll)
        {
            admitted = new AdmittedStream(name, schema);
        }

        return name;
    }

    private string? Reason(string name, CompiledSchema schema)
    {
        var setting = catalog.Find(name);
        if (setting is null)
        {
            return catalog.RestrictsStreams ? $"{name} is not configured." : null;
        }

        if (setting.SchemaTitle is not { } title)
        {
            return setting.IsEmpty
                ? $"{name} is configured but does not have any settings."
                : $"{name} does not have a schema_title setting.";
        }

        return title.Equals(schema.Title, StringComparison.Ordinal) ? null : $"schema title must be {title}.";
    }

    private static string? KeyReason(in EventView view, string name, EventOrigin origin)
    {
        if (origin.MayPublishAll)
        {
            return null;
        }

        if (!origin.MayPublishTo(name))
        {
            return "the key may not publish to it.";
        }

        var wiki = EventHeader.Wiki(view.Fields with { Domain = default });
        var domain = view.Fields.Domain;
        return origin.FindFault(wiki, domain) switch
        {
            WikiFault.None => null,
            WikiFault.Wiki => Excludes("wiki", wiki),
            WikiFault.Domain => Excludes("domain", domain),
            _ => "the event names no wiki and no domain, and the key is limited to its own.",
        };
    }

    private static string Excludes(string option, ReadOnlySpan<byte> value)
    {
        var text = Echo.Of(Encoding.UTF8.GetString(value));
        return $"the key may not publish events of the {option} {text}; a key made with --{option} {text} may.";
    }

    private static StreamFault Refusal(in EventView view, string stream, string reason)
    {
        var id = view.Id.Kind == JsonKind.String ? view.Id.GetString() + " " : "";
        var schema = view.Schema.Kind == JsonKind.String ? view.Schema.GetString() : "unknown";
        return new StreamFault(
            $"event {id}of schema at {schema} destined to stream {stream} is not allowed in stream; {reason}", reason);
    }
}

/// <summary>Why an event may not go into its stream.</summary>
/// <param name="Message">In EventGate's words, for the answer.</param>
/// <param name="Reason">Without the event's id and names, for the logging.</param>
internal sealed record StreamFault(string Message, string Reason);

/// <summary>A stream with records that accepts any event of a schema, whatever its wiki.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="Schema">The schema; null in <c>default</c>, which admits nothing.</param>
internal readonly record struct AdmittedStream(string Name, CompiledSchema? Schema);
