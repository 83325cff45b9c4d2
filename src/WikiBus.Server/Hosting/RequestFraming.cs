using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace WikiBus.Server.Hosting;

/// <summary>
/// Refuses requests whose end another HTTP program could see in another place. Behind a proxy that reads such a request
/// differently, a client could hide a second request from the proxy, or get into the request of another client. The web
/// server is stricter than HTTP asks in most cases; this class adds the others.
/// </summary>
internal static class RequestFraming
{
    // The web server reads it when the process accepts its first connection.
    private const string NoLoneLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    // The web server gives Content-Length this name in a request that has Transfer-Encoding, too. It fails on a request
    // that already has the name.
    private const string OtherLength = "X-Content-Length";

    private static readonly Encoding s_digits = new DigitsEncoding();

    public static void RequireStrict(KestrelServerOptions kestrel)
    {
        AppContext.SetSwitch(NoLoneLineFeeds, true);

        kestrel.RequestHeaderEncodingSelector = EncodingOf;
    }

    /// <summary>Before everything else: answers 400 if the request's body has no certain end.</summary>
    public static IApplicationBuilder UseStrictFraming(this IApplicationBuilder application) =>
        application.Use(static next => context => IsCertain(context.Request) ? next(context) : RefuseAsync(context));

    // Invalid UTF-8 is replaced, as in bodies, so that a client's odd header does not cost the events of the request.
    private static Encoding EncodingOf(string header) =>
        header == HeaderNames.ContentLength ? s_digits
        : header.Equals(OtherLength, StringComparison.OrdinalIgnoreCase)
            ? throw new BadHttpRequestException($"{OtherLength} is not allowed in a request.")
        : Encoding.UTF8;

    private static bool IsCertain(HttpRequest request)
    {
        var codings = request.Headers.TransferEncoding;
        return codings.Count == 0
            || (codings.Count == 1
                && "chunked".Equals(codings[0], StringComparison.OrdinalIgnoreCase)
                && HttpProtocol.IsHttp11(request.Protocol)
                && !request.Headers.ContainsKey(OtherLength));
    }

    /// <summary>Without a body, as the web server refuses a request that is not HTTP.</summary>
    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentLength = 0;
        context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    /// <summary>
    /// For a header that may have digits only. The web server would also read a sign or control characters around the
    /// digits; here each other byte becomes a character that a number cannot have.
    /// </summary>
    private sealed class DigitsEncoding : Encoding
    {
        private const char NoDigit = '?';

        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            for (var at = 0; at < byteCount; at++)
            {
                var read = (char)bytes[byteIndex + at];
                chars[charIndex + at] = char.IsAsciiDigit(read) ? read : NoDigit;
            }

            return byteCount;
        }

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}
