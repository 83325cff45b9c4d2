using System.Xml;

namespace WikiBus.Events.Deki;

/// <summary>A complete event.</summary>
/// <param name="Channel">The channel that it belongs to, as <c>event://default/deki/pages/update</c>.</param>
/// <param name="Resource">What it is about; null if the header is not sent.</param>
/// <param name="Origins">Where it comes from, in order.</param>
/// <param name="Document">The event: one XML document without a declaration, as Deki would publish it.</param>
public sealed record DekiEvent(string Channel, string? Resource, IReadOnlyList<string> Origins, string Document)
{
    /// <summary>The longest document that <c>Parse</c> reads, in characters.</summary>
    public const int DocumentCharactersMax = 1024 * 1024;

    /// <summary>
    /// The most elements within each other that <c>Parse</c> reads. Together they have at most as many attributes.
    /// </summary>
    public const int DocumentDepthMax = 512;

    /// <summary>Reads an event's document.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="FormatException">It is not an event of Deki; the message says where.</exception>
    public static DekiEventDocument Parse(string xml)
    {
        ArgumentNullException.ThrowIfNull(xml);
        return EventReader.Read(settings => XmlReader.Create(new StringReader(xml), settings));
    }

    /// <summary>Reads an event's document.</summary>
    /// <param name="xml">The document as bytes, as it is sent: UTF-8 unless it says otherwise.</param>
    /// <exception cref="FormatException">It is not an event of Deki; the message says where.</exception>
    public static DekiEventDocument Parse(ReadOnlyMemory<byte> xml)
    {
        var bytes = xml.ToArray();
        return EventReader.Read(settings => XmlReader.Create(new MemoryStream(bytes), settings));
    }
}
