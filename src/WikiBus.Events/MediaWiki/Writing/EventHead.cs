using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>The members that an event begins with: <c>$schema</c> and <c>meta</c> (EventBus: EventFactory).</summary>
/// <param name="Schema">The schema's URI, with its version.</param>
/// <param name="Stream">The stream's name.</param>
/// <param name="Uri">What the event is about.</param>
internal readonly record struct EventHead(string Schema, string Stream, string Uri)
{
    /// <summary>Begins the event's object and writes the members; the event's own members follow.</summary>
    public void Begin(PhpJsonBuilder json, WikiSite site, EventGeneration generation, EventContext context)
    {
        json.BeginObject();
        json.Write("$schema", Schema);
        json.BeginObject("meta");
        json.Write("uri", Uri);
        json.Write("request_id", context.RequestId);
        json.Write("id", context.Id.ToString("D"));
        if (generation == EventGeneration.Rel139)
        {
            json.Write("dt", context.Time);
        }

        json.Write("domain", site.ServerName);
        json.Write("stream", Stream);
        json.EndObject();
    }
}
