using System.Text;

namespace WikiBus.Server.Intake;

/// <summary>Brings the <c>$schema</c> of an event into the form by which schemas are found.</summary>
internal static class EventSchemaUri
{
    /// <summary>
    /// Drops an empty fragment and a query, which EventGate ignores too, and resolves <c>..</c> inside the path. False
    /// for another fragment (it would select a part of a schema, an example even, that accepts anything) and for a
    /// path that leads out.
    /// </summary>
    public static bool TryNormalise(ReadOnlyMemory<byte> uri, out ReadOnlyMemory<byte> normalised)
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
