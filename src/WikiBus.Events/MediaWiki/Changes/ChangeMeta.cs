using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>
/// The members with which the events of changes end: <c>$schema</c> and <c>meta</c> (EventBus: EventSerializer).
/// </summary>
/// <param name="Schema">The schema's URI, with its version.</param>
/// <param name="Stream">The stream's name.</param>
/// <param name="Uri">What the event is about.</param>
internal readonly record struct ChangeMeta(string Schema, string Stream, string Uri)
{
    /// <summary>Writes the members, and ends the event's object.</summary>
    public void End(PhpJsonBuilder json, WikiSite site, Guid id, string? requestId)
    {
        json.Write("$schema", Schema);
        json.BeginObject("meta");
        json.Write("stream", Stream);
        json.Write("uri", Uri);
        json.Write("id", id.ToString("D"));
        json.Write("domain", site.ServerName);
        json.WriteIfKnown("request_id", requestId);
        json.EndObject();
        json.EndObject();
    }
}
