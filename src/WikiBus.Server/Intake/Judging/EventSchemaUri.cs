using System.Text;
using WikiBus.Json;

namespace WikiBus.Server.Intake.Judging;

/// <summary>Reads the <c>$schema</c> of an event, in the form by which schemas are found.</summary>
internal static class EventSchemaUri
{
    private const int BytesMax = 1024;

    /// <summary>Reads the URI; false with a fault for people.</summary>
    /// <param name="event">The event.</param>
    /// <param name="node">Its member <c>$schema</c>.</param>
    /// <param name="given">The URI of an event without that member; null: none.</param>
    /// <param name="uri">The URI.</param>
    /// <param name="fault">Why the event has none; else empty.</param>
    public static bool TryRead(
        JsonTapeValue @event, JsonTapeValue node, string? given, out ReadOnlyMemory<byte> uri, out string fault)
    {
        uri = node.Kind switch
        {
            JsonKind.String => node.GetUtf8(),
            JsonKind.None when @event.Kind == JsonKind.Object && given is not null => Encoding.UTF8.GetBytes(given),
            _ => default,
        };
        fault = node.Kind switch
        {
            JsonKind.None when uri.IsEmpty => "Field(s) $schema were missing from event and could not be extracted.",
            not JsonKind.None and not JsonKind.String => "$schema must be a string.",
            _ when uri.Length > BytesMax => $"$schema is longer than {BytesMax} bytes.",
            _ => "",
        };
        if (fault.Length > 0)
        {
            return false;
        }

        if (TryNormalise(uri, out var normalised))
        {
            uri = normalised;
            return true;
        }

        fault = $"Failed loading schema at {Encoding.UTF8.GetString(uri.Span)}";
        return false;
    }

    /// <summary>
    /// Drops an empty fragment and a query, as EventGate does, and resolves <c>..</c> inside the path. False for a path
    /// that leads out, and for another fragment: it would select a part of a schema, such as an example, which would
    /// accept anything.
    /// </summary>
    private static bool TryNormalise(ReadOnlyMemory<byte> uri, out ReadOnlyMemory<byte> normalised)
    {
        normalised = uri;
        var fragment = uri.Span.IndexOf((byte)'#');
        if (fragment >= 0 && fragment < uri.Length - 1)
        {
            return false;
        }

        normalised = fragment < 0 ? uri : uri[..fragment];
        var isPath = normalised.Span.StartsWith("/"u8);
        var query = isPath ? normalised.Span.IndexOf((byte)'?') : -1;
        normalised = query < 0 ? normalised : normalised[..query];
        return !isPath || normalised.Span.IndexOf("/../"u8) < 0 || TryResolve(normalised, out normalised);
    }

    private static bool TryResolve(ReadOnlyMemory<byte> path, out ReadOnlyMemory<byte> resolved)
    {
        var parts = new Stack<string>();
        resolved = path;
        foreach (var part in Encoding.UTF8.GetString(path.Span)[1..].Split('/'))
        {
            if (part != "..")
            {
                parts.Push(part);
            }
            else if (!parts.TryPop(out _))
            {
                return false;
            }
        }

        resolved = Encoding.UTF8.GetBytes("/" + string.Join('/', parts.Reverse()));
        return true;
    }
}
