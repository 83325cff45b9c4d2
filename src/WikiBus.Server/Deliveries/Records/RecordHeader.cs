using System.Text;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Records;

/// <summary>What rules look at in a record beside its JSON. UTF-8.</summary>
internal readonly ref struct RecordHeader
{
    public RecordHeader(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> attributes)
    {
        Channel = channel;
        var recipients = (List<string>?)null;
        var reader = new AttributeReader(attributes);
        while (reader.Next())
        {
            if (reader.Name.SequenceEqual("wiki"u8))
            {
                Wiki = reader.Value;
            }
            else if (reader.Name.SequenceEqual("resource"u8))
            {
                Resource = reader.Value;
            }
            else if (reader.Name.SequenceEqual("recipient"u8))
            {
                (recipients ??= []).Add(Encoding.UTF8.GetString(reader.Value));
            }
        }

        Recipients = recipients ?? (IReadOnlyList<string>)[];
    }

    public ReadOnlySpan<byte> Channel { get; }

    /// <summary>Empty: it has none.</summary>
    public ReadOnlySpan<byte> Wiki { get; }

    /// <summary>Empty: it has none.</summary>
    public ReadOnlySpan<byte> Resource { get; }

    /// <summary>Who the record is for; none: everybody.</summary>
    public IReadOnlyList<string> Recipients { get; }

    public static RecordHeader Of(in LogRecord record) => new(record.Channel.Span, record.Attributes.Span);

    public static RecordHeader Of(DeliveryRecord record) => new(record.Channel, record.Attributes);
}
