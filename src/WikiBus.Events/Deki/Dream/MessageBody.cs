using System.Text;
using System.Web;
using System.Xml;
using System.Xml.Linq;

namespace WikiBus.Events.Deki.Dream;

/// <summary>Turns the body of a request into the element <c>body</c> of an event.</summary>
internal static class MessageBody
{
    // Less than what readers of events accept.
    private const int DepthMax = 256;

    /// <exception cref="FormatException">The body is not of its type.</exception>
    public static string Read(MediaType type, ReadOnlyMemory<byte> body)
    {
        var text = type.Read(body);
        var xml = new XmlBuilder();
        if (type.IsPlainText)
        {
            return xml.Element("body", text, ("content-type", type.Text)).ToString();
        }

        xml.Start("body", ("content-type", type.Text));
        return xml.Raw(type.IsForm ? Form(text) : Xml(text)).End("body").ToString();
    }

    private static string Form(string text)
    {
        var xml = new XmlBuilder();
        foreach (var pair in text.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                xml.Element(FieldName(pair[..equals]), HttpUtility.UrlDecode(pair[(equals + 1)..]));
            }
        }

        var fields = xml.ToString();
        return fields.Length == 0
            ? new XmlBuilder().Empty("form").ToString()
            : new XmlBuilder().Start("form").Raw(fields).End("form").ToString();
    }

    private static string FieldName(string encoded)
    {
        var name = HttpUtility.UrlDecode(encoded);
        try
        {
            return XmlConvert.VerifyNCName(name);
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException)
        {
            throw new FormatException($"The form's field '{name}' is not the name of an XML element.", exception);
        }
    }

    private static string Xml(string text)
    {
        XElement root;
        try
        {
            root = XmlTree.Load(settings => XmlReader.Create(new StringReader(text), settings), text.Length, DepthMax);
        }
        catch (XmlException exception)
        {
            throw new FormatException($"The body cannot be read: {exception.Message}", exception);
        }

        // Deki writes <a></a> as <a />.
        foreach (var element in root.DescendantsAndSelf().Where(element => !element.Nodes().Any()))
        {
            element.RemoveNodes();
        }

        var xml = new StringBuilder(text.Length);
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using (var writer = XmlWriter.Create(xml, settings))
        {
            root.WriteTo(writer);
        }

        return xml.ToString();
    }
}
