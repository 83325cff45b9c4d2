using System.Globalization;
using System.Text.Json.Serialization;
using System.Xml.Linq;

namespace WikiBus.Server.Dream.Sets;

/// <summary>A <c>&lt;set-cookie&gt;</c> of a subscription. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Uri">Where it is sent: to this host and port, at and below this path; null: nowhere.</param>
/// <param name="Expires">From when on it is not sent; null: never.</param>
/// <param name="Version">Its attribute <c>version</c>; null: none.</param>
/// <param name="Xml">The whole element, as a set shows it.</param>
internal sealed record SetCookie(
    string Name, string Value, string? Uri, DateTimeOffset? Expires, int? Version,
    [property: JsonIgnore] string Xml = "")
{
    /// <summary>A cookie that does not expire.</summary>
    public static SetCookie Of(string name, string value, string uri, int version)
    {
        var element = new XElement(
            "set-cookie",
            new XAttribute("version", version.ToString(CultureInfo.InvariantCulture)),
            new XElement("name", name), new XElement("uri", uri), new XElement("value", value));
        return new SetCookie(
            name, value, uri, Expires: null, version, element.ToString(SaveOptions.DisableFormatting));
    }
}
