using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;
using WikiBus.Server.Access;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Http;

namespace WikiBus.Server.Dream.Answers;

/// <summary>Answers in Dream's form: XML documents, and errors with status, title, message and URI.</summary>
/// <remarks>
/// Source: recorded answers of Dream 2.2.4. It also names a style sheet, which this bus does not have.
/// </remarks>
internal static class DreamAnswers
{
    private const string ContentType = "application/xml; charset=utf-8";

    /// <summary>Answers with a document.</summary>
    public static Task DocumentAsync(HttpContext context, int status, XElement document)
    {
        context.Response.StatusCode = status;
        return WholeAnswer.WriteAsync(
            context, ContentType, Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting)));
    }

    /// <summary>Answers without a body.</summary>
    public static Task EmptyAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Refuses a request. The URI that the answer repeats has no keys in its query.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string message)
    {
        var error = Error(status, message);
        error.Add(new XElement("uri", UriOf(context)));
        return DocumentAsync(context, status, error);
    }

    /// <summary>Refuses a request for its rights. This answer has no URI.</summary>
    public static Task DeniedAsync(HttpContext context) =>
        DocumentAsync(context, 403, Error(403, "insufficient access privileges"));

    /// <summary>There is nothing at this path.</summary>
    public static Task NotFoundAsync(HttpContext context)
    {
        CommonHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        return DocumentAsync(context, 404, Error(404, "resource not found"));
    }

    /// <summary>The state database cannot be used now.</summary>
    public static Task BusyAsync(HttpContext context) =>
        UnavailableAsync(context, "The state database cannot be read or written now.");

    /// <summary>The key could not be judged now.</summary>
    public static Task NotJudgedAsync(HttpContext context) => UnavailableAsync(context, PresentedKey.NotJudged);

    /// <summary>The request can succeed later.</summary>
    public static Task UnavailableAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = PresentedKey.RetryAfter;
        return ErrorAsync(context, 503, message);
    }

    private static XElement Error(int status, string message) => new(
        "error",
        new XElement("status", status),
        new XElement("title", ReasonPhrases.GetReasonPhrase(status)),
        new XElement("message", Echo.Of(Encodable(message))));

    private static string UriOf(HttpContext context)
    {
        var uris = context.RequestServices.GetRequiredService<PublicUri>();
        var query = (context.Request.QueryString.Value ?? "").TrimStart('?').Split('&')
            .Where(static part => part.Length > 0 && !SecretFreeTarget.IsSecret(part));
        var text = string.Join('&', query);
        return Encodable(
            uris.Of(context.Request) + uris.PathBelow(context.Request) + (text.Length > 0 ? $"?{text}" : ""));
    }

    /// <summary>What a client sent, with U+FFFD for what XML cannot hold.</summary>
    public static string Encodable(string text) => new(
        [.. text.Select(static c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\ufffd')]);
}
