using Microsoft.Extensions.Primitives;
using WikiBus.Events;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>
/// Reads path, query and headers of a request for streams. The first fault is that of EventStreams' order: streams,
/// <c>since</c>, then the parameters that it does not know, then the last id. Safe for concurrent use.
/// </summary>
internal sealed class StreamRequestReader(StreamCatalog catalog)
{
    /// <summary>Null with a refusal, or with a fault of the last id, if the request is not valid.</summary>
    public StreamRequest? Read(
        HttpRequest request, Caller caller, out StreamRefusal? refusal, out AssignmentFault? fault)
    {
        fault = null;
        var query = QueryOf(request);
        var names = (request.RouteValues["streams"] as string ?? "").Split(',');
        if (ReadStreams(names, caller, out refusal) is not { } streams
            || !TryReadTime(query, "since", out var since, out refusal)
            || !TryReadTime(query, "until", out var until, out refusal)
            || !HasOnlyUsableNames(query, out refusal)
            || ReadView(query, out refusal) is not { } view
            || !TryReadResume(request, out var resume, out fault))
        {
            return null;
        }

        return new StreamRequest
        {
            Streams = streams,
            Format = FormatOf(request.Headers.Accept),
            View = view,
            Caller = caller,
            SinceMs = since,
            UntilMs = until,
            Resume = resume,
        };
    }

    /// <summary>JSON lines if the client asks for JSON first, else server-sent events. Never 406.</summary>
    public static StreamFormat FormatOf(StringValues accept)
    {
        var text = accept.ToString();
        return text.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
            ? StreamFormat.JsonLines
            : StreamFormat.ServerSentEvents;
    }

    // A private stream is refused in the same words as one that does not exist.
    private List<string>? ReadStreams(string[] names, Caller caller, out StreamRefusal? refusal)
    {
        var streams = new List<string>(names.Length);
        var invalid = new List<string>();
        foreach (var name in names)
        {
            var stream = catalog.Resolve(name);
            if (!StreamName.IsValid(stream) || !catalog.IsKnown(stream) || !caller.MayRead(stream))
            {
                invalid.Add(Echo.Of(name));
            }
            else if (!streams.Contains(stream))
            {
                streams.Add(stream);
            }
        }

        refusal = invalid.Count > 0 ? StreamRefusal.UnknownStreams(invalid, caller) : null;
        return refusal is null ? streams : null;
    }

    private static bool TryReadTime(IQueryCollection query, string name, out long? timeMs, out StreamRefusal? refusal)
    {
        timeMs = null;
        refusal = null;
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return true;
        }

        if (!TimeParameter.TryParse(text, out var value))
        {
            refusal = StreamRefusal.InvalidTime(name, Echo.Of(text));
            return false;
        }

        timeMs = value;
        return true;
    }

    private static bool HasOnlyUsableNames(IQueryCollection query, out StreamRefusal? refusal)
    {
        refusal = ParameterNames.FindMistyped(query) is var (given, known)
            ? StreamRefusal.UnknownParameter(given, known)
            : null;
        return refusal is null;
    }

    private static StreamView? ReadView(IQueryCollection query, out StreamRefusal? refusal)
    {
        if (ReadFilters(query["filter"], out refusal) is not { } filters
            || !TryReadFields(query["fields"].ToString(), out var projection, out refusal)
            || !TryReadChannel(query["channel"], out var channel, out refusal)
            || !TryReadCanary(query["canary"].ToString(), out var keepsCanary, out refusal))
        {
            return null;
        }

        return filters.Count == 0 && projection is null && channel is null && !keepsCanary
            ? StreamView.Whole
            : new StreamView(filters, projection, channel, keepsCanary);
    }

    private static List<FilterExpression>? ReadFilters(StringValues values, out StreamRefusal? refusal)
    {
        refusal = values.Count > FilterExpression.CountMax
            ? StreamRefusal.InvalidParameter(
                "filter", $"{values.Count} filters are too many; {FilterExpression.CountMax} are allowed.")
            : null;
        var filters = new List<FilterExpression>(values.Count);
        foreach (var text in values)
        {
            if (refusal is null && !string.IsNullOrEmpty(text))
            {
                if (FilterExpression.TryParse(text, out var filter, out var fault))
                {
                    filters.Add(filter);
                }
                else
                {
                    refusal = StreamRefusal.InvalidParameter("filter", fault);
                }
            }
        }

        return refusal is null ? filters : null;
    }

    private static bool TryReadFields(string text, out Projection? projection, out StreamRefusal? refusal)
    {
        projection = null;
        refusal = null;
        if (text.Length > 0 && !Projection.TryParse(text, out projection, out var fault))
        {
            refusal = StreamRefusal.InvalidParameter("fields", fault);
        }

        return refusal is null;
    }

    private static bool TryReadCanary(string text, out bool keepsCanary, out StreamRefusal? refusal)
    {
        keepsCanary = text is "true" or "1";
        refusal = keepsCanary || text is "" or "false" or "0"
            ? null
            : StreamRefusal.InvalidParameter("canary", $"'{Echo.Of(text)}' is not allowed; true, 1, false or 0 is.");
        return refusal is null;
    }

    private static bool TryReadChannel(StringValues values, out ChannelPattern? channel, out StreamRefusal? refusal)
    {
        channel = null;
        refusal = values.Count > 1
            ? StreamRefusal.InvalidParameter("channel", $"{values.Count} channels are too many; 1 is allowed.")
            : null;
        var text = values.ToString();
        if (refusal is null && text.Length > 0 && !ChannelPattern.TryParse(text, out channel, out var fault))
        {
            refusal = StreamRefusal.InvalidParameter("channel", fault);
        }

        return refusal is null;
    }

    // The header wins over the parameters, which are for scripts and links. An empty header is a fault, as in
    // EventStreams.
    private static bool TryReadResume(
        HttpRequest request, out IReadOnlyList<ResumeEntry>? entries, out AssignmentFault? fault)
    {
        entries = null;
        fault = null;
        var query = QueryOf(request);
        var id = request.Headers.TryGetValue("Last-Event-ID", out var header)
            ? header.ToString()
            : ParameterNames.LastEventId.Select(name => query[name].ToString()).FirstOrDefault(text => text.Length > 0);
        return id is null || ResumeId.TryParse(id, out entries, out fault);
    }

    // A request without a query must not hold a parsed one while its stream is open.
    private static IQueryCollection QueryOf(HttpRequest request) =>
        request.QueryString.HasValue ? request.Query : QueryCollection.Empty;
}
