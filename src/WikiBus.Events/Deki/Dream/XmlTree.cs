using System.Xml;
using System.Xml.Linq;

namespace WikiBus.Events.Deki.Dream;

/// <summary>Reads XML into memory, without document types, within limits of length and depth.</summary>
internal static class XmlTree
{
    /// <summary>Reads a document. Its depth is checked first, since trees of deep documents take minutes.</summary>
    /// <param name="open">Opens the document; called twice.</param>
    /// <param name="charactersMax">The length that is allowed.</param>
    /// <param name="depthMax">
    /// The number of elements within each other that is allowed. Together they may have as many attributes.
    /// </param>
    /// <exception cref="XmlException">It is not well-formed, or exceeds a limit; the message says where.</exception>
    public static XElement Load(Func<XmlReaderSettings, XmlReader> open, long charactersMax, int depthMax)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = charactersMax,
        };
        using (var reader = open(settings))
        {
            CheckDepth(reader, depthMax);
        }

        using (var reader = open(settings))
        {
            return XElement.Load(reader, LoadOptions.PreserveWhitespace | LoadOptions.SetLineInfo);
        }
    }

    // Each node is written as markup in the time of all attributes of the elements around it.
    private static void CheckDepth(XmlReader reader, int depthMax)
    {
        var attributes = new int[depthMax + 1];
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Depth >= depthMax)
            {
                throw Fault(reader, $"More than {depthMax} elements are within each other.");
            }

            attributes[reader.Depth + 1] = attributes[reader.Depth] + reader.AttributeCount;
            if (attributes[reader.Depth + 1] > depthMax)
            {
                throw Fault(reader, $"Elements within each other have more than {depthMax} attributes.");
            }
        }
    }

    private static XmlException Fault(XmlReader reader, string what)
    {
        var place = (IXmlLineInfo)reader;
        return new XmlException(what, innerException: null, place.LineNumber, place.LinePosition);
    }
}
