using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace WikiBus.Producer.Jobs;

/// <summary>An answer of the endpoint in the form of MediaWiki's REST API.</summary>
internal sealed record RunJobAnswer(int Status, JsonObject Body)
{
    // MediaWiki escapes neither slashes, nor quotation marks, nor letters.
    private static readonly JsonSerializerOptions s_relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An error with a message; further members come after it.</summary>
    public static RunJobAnswer Error(int status, string message, params (string Name, JsonNode? Value)[] members) =>
        Failure(status, [("message", message), .. members]);

    /// <summary>An error of MediaWiki's core, of which newer versions give the name of its message.</summary>
    public static RunJobAnswer CoreError(int status, string key, string text) =>
        Failure(status, [("errorKey", key), .. Translated(text)]);

    /// <summary>An error of MediaWiki's core without the name of its message.</summary>
    public static RunJobAnswer CoreError(int status, string text) => Failure(status, Translated(text));

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Body, s_relaxed);
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private static (string, JsonNode?)[] Translated(string text) =>
        [("messageTranslations", new JsonObject { ["en"] = text })];

    private static RunJobAnswer Failure(int status, (string Name, JsonNode? Value)[] members)
    {
        var body = new JsonObject();
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        body["httpCode"] = status;
        body["httpReason"] = ReasonPhrases.GetReasonPhrase(status);
        return new RunJobAnswer(status, body);
    }
}
