using System.Text;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Storage;

namespace WikiBus.Server.Dream.Events;

/// <summary>
/// An event as Dream's headers describe it. In a record, resource, origins, recipients and vias are attributes named
/// <c>resource</c>, <c>origin</c>, <c>recipient</c> and <c>via</c>, in the order of the headers. Immutable.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Resource">Its resource; null: none.</param>
/// <param name="Origins">Where it comes from; events of other dialects have none.</param>
/// <param name="Recipients">Who it is for; none: everybody.</param>
/// <param name="Vias">The services that it has passed, in order.</param>
/// <param name="ContentType">The media type of its body; empty: none was given.</param>
/// <param name="Body">Its body.</param>
internal sealed record DreamEvent(
    string Id, string Channel, string? Resource, IReadOnlyList<string> Origins, IReadOnlyList<string> Recipients,
    IReadOnlyList<string> Vias, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>May a recipient with this URI get it? If the event names recipients, only these may.</summary>
    public bool IsFor(string recipient) => Recipients.Count == 0 || Recipients.Contains(recipient);

    public static DreamEvent Of(DeliveryRecord record)
    {
        string? resource = null;
        List<string> origins = [], recipients = [], vias = [];
        var attributes = new AttributeReader(record.Attributes);
        while (attributes.Next())
        {
            var value = Encoding.UTF8.GetString(attributes.Value);
            switch (Encoding.UTF8.GetString(attributes.Name))
            {
                case "resource":
                    resource = value;
                    break;
                case "origin":
                    origins.Add(value);
                    break;
                case "recipient":
                    recipients.Add(value);
                    break;
                case "via":
                    vias.Add(value);
                    break;
            }
        }

        // The log stores no type for JSON.
        return new DreamEvent(
            Encoding.UTF8.GetString(record.Id), Encoding.UTF8.GetString(record.Channel), resource, origins, recipients,
            vias, record.ContentType.Length > 0 ? record.ContentType : "application/json", record.Payload);
    }
}
