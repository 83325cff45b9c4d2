using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WikiBus.Server.Dream.Sets;

/// <summary>
/// Reads the body of a request as XML. Document types and entities are refused, and so is more than
/// <see cref="DepthMax"/> levels. The default namespace of the document does not count, as in Dream.
/// </summary>
internal static class SetXml
{
    /// <summary>Most levels of elements.</summary>
    public const int DepthMax = 32;

    private const string NoType = "application/octet-stream";

    /// <summary>Is it XML by its media type: <c>application/xml</c>, <c>text/xml</c>, or one that ends in
    /// <c>+xml</c>?</summary>
    public static bool IsXml(string? contentType, [NotNullWhen(false)] out string? fault)
    {
        var type = MediaTypeHeaderValue.TryParse(contentType, out var header) ? header.MediaType ?? NoType : NoType;
        var isXml = type.Equals("application/xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/xml", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);
        fault = isXml ? null : $"unsupported mime-type: {type}";
        return isXml;
    }

    /// <summary>The root of a document.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its media type, which may have a <c>charset</c>.</param>
    /// <param name="root">The root element.</param>
    /// <param name="fault">What is wrong with it, and where.</param>
    public static bool TryRead(
        byte[] body, string contentType, [NotNullWhen(true)] out XElement? root, [NotNullWhen(false)] out string? fault)
    {
        (root, fault) = (null, null);
        try
        {
            if (IsTooDeep(body, contentType))
            {
                fault = $"message body has more than {DepthMax} levels of elements";
                return false;
            }

            using var reader = Open(body, contentType);
            root = WithoutDefaultNamespace(XElement.Load(reader));
            return true;
        }
        catch (XmlException exception)
        {
            fault = $"message body with content type '{contentType}' is not well-formed xml: line "
                + $"{exception.LineNumber}, position {exception.LinePosition}; document types and entities are not "
                + "allowed";
            return false;
        }
    }

    // The depth is known before a tree is built.
    private static bool IsTooDeep(byte[] body, string contentType)
    {
        using var reader = Open(body, contentType);
        while (reader.Read())
        {
            if (reader.Depth >= DepthMax && reader.NodeType == XmlNodeType.Element)
            {
                return true;
            }
        }

        return false;
    }

    private static XmlReader Open(byte[] body, string contentType)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        };
        var stream = new MemoryStream(body, writable: false);
        return EncodingOf(contentType) is { } encoding
            ? XmlReader.Create(new StreamReader(stream, encoding), settings)
            : XmlReader.Create(stream, settings);
    }

    // Without a charset the document says it itself.
    private static Encoding? EncodingOf(string contentType)
    {
        var charset = MediaTypeHeaderValue.TryParse(contentType, out var header) ? header.CharSet?.Trim('"') : null;
        return charset?.ToLowerInvariant() switch
        {
            "us-ascii" => Encoding.ASCII,
            "iso-8859-1" => Encoding.Latin1,
            "utf-16" => Encoding.Unicode,
            _ => null,
        };
    }

    private static XElement WithoutDefaultNamespace(XElement root)
    {
        var name = root.GetDefaultNamespace();
        if (name != XNamespace.None)
        {
            foreach (var element in root.DescendantsAndSelf().Where(element => element.Name.Namespace == name))
            {
                element.Name = element.Name.LocalName;
                element.Attribute("xmlns")?.Remove();
            }
        }

        return root;
    }
}
