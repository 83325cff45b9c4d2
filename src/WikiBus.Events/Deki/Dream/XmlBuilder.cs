using System.Globalization;
using System.Text;
using System.Xml;

namespace WikiBus.Events.Deki.Dream;

/// <summary>
/// Writes XML in the form of Deki's library: no declaration, a blank before the slash of an empty element, and only
/// the escapes that are necessary. A character that XML forbids becomes U+FFFD.
/// </summary>
internal sealed class XmlBuilder
{
    private const char Replacement = '\uFFFD';

    private readonly StringBuilder _text = new(1024);

    public XmlBuilder Start(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        _text.Append('>');
        return this;
    }

    public XmlBuilder End(string name)
    {
        _text.Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>Writes an element with a text; nothing if the text is null.</summary>
    public XmlBuilder Element(
        string name, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        if (text is null)
        {
            return this;
        }

        Start(name, attributes);
        Escape(text, isAttribute: false);
        return End(name);
    }

    public XmlBuilder Element(string name, long number) => Element(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes an element without content.</summary>
    public XmlBuilder Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        _text.Append(" />");
        return this;
    }

    /// <summary>Writes XML as it is.</summary>
    public XmlBuilder Raw(string xml)
    {
        _text.Append(xml);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Open(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var attribute in attributes)
        {
            if (attribute.Value is not null)
            {
                _text.Append(' ').Append(attribute.Name).Append("=\"");
                Escape(attribute.Value, isAttribute: true);
                _text.Append('"');
            }
        }
    }

    private void Escape(string text, bool isAttribute)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], letter))
            {
                _text.Append(letter).Append(text[++i]);
                continue;
            }

            _ = letter switch
            {
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '&' => _text.Append("&amp;"),
                '"' when isAttribute => _text.Append("&quot;"),
                _ => _text.Append(XmlConvert.IsXmlChar(letter) ? letter : Replacement),
            };
        }
    }
}
