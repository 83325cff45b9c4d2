using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WikiBus.Producer.Jobs;

/// <summary>Reads a request for the endpoint, and checks its form. Null is for a form that is right.</summary>
internal static class RunJobRequest
{
    private const string JsonType = "application/json";
    private const int ReadBytes = 16 << 10;

    // PHP's default depth is 512 for json_decode, which counts the innermost scalar, too.
    private static readonly JsonDocumentOptions s_decodeOptions = new() { MaxDepth = 511 };

    /// <summary>Checks the content type as MediaWiki 1.39 does.</summary>
    public static RunJobAnswer? CheckTypeOf139(HttpRequest request) => MediaTypeOf(request) switch
    {
        JsonType => null,
        "" => RunJobAnswer.Error(
            StatusCodes.Status415UnsupportedMediaType,
            "A Content-Type header must be supplied with a request payload.",
            ("error", "no-content-type")),
        var other => RunJobAnswer.Error(
            StatusCodes.Status415UnsupportedMediaType, "Unsupported Content-Type", ("content_type", other)),
    };

    /// <summary>Checks that there is a body, and its type, as newer versions of MediaWiki do.</summary>
    public static RunJobAnswer? CheckForm(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return RunJobAnswer.CoreError(
                StatusCodes.Status411LengthRequired, "rest-request-body-expected", "The request has no body.");
        }

        return MediaTypeOf(request) == JsonType
            ? null
            : RunJobAnswer.CoreError(
                StatusCodes.Status415UnsupportedMediaType,
                "rest-unsupported-content-type",
                $"The content type must be {JsonType}.");
    }

    /// <summary>Checks that the body is JSON, and an object or a list, as newer versions of MediaWiki do.</summary>
    public static RunJobAnswer? CheckJson(JsonElement body) =>
        body.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? null
            : RunJobAnswer.CoreError(
                StatusCodes.Status400BadRequest, "rest-json-body-parse-error", "The body is not a valid JSON object.");

    /// <summary>Reads the body.</summary>
    /// <returns>Null if it is longer than the limit.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int bytesMax)
    {
        // The limit below replaces the web server's, which may be lower.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
        {
            serverLimit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > bytesMax)
        {
            return null;
        }

        using var body = new MemoryStream();
        var piece = new byte[ReadBytes];
        int count;
        while ((count = await context.Request.Body.ReadAsync(piece, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (body.Length + count > bytesMax)
            {
                return null;
            }

            body.Write(piece, 0, count);
        }

        return body.ToArray();
    }

    /// <summary>The body as JSON; undefined if PHP could not decode it.</summary>
    public static JsonElement Parse(byte[] body)
    {
        try
        {
            return Utf8.IsValid(body) ? JsonElement.Parse(body, s_decodeOptions) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // Without parameters, in lower case; empty if there is none.
    private static string MediaTypeOf(HttpRequest request) =>
        (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
