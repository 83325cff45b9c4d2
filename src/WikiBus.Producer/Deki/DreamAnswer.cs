using System.Xml.Linq;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace WikiBus.Producer.Deki;

/// <summary>Refuses a request with a document in Dream's form.</summary>
internal static class DreamAnswer
{
    public const string ContentType = "application/xml; charset=utf-8";

    public static Task RefuseAsync(HttpContext context, int status, string message)
    {
        var document = new XElement(
            "error",
            new XElement("status", status),
            new XElement("title", ReasonPhrases.GetReasonPhrase(status)),
            new XElement("message", Printable(message)));
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(
            document.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }

    // Messages may cite what the client sent, and XML forbids some characters.
    private static string Printable(string text) =>
        string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '?'));
}
