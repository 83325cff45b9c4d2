using System.Text.Encodings.Web;
using System.Text.Json;

namespace WikiBus.Server.Http;

/// <summary>
/// How the server writes JSON: quotes and letters of all languages stay readable, since no answer goes into a page.
/// </summary>
internal static class JsonOutput
{
    /// <summary>Escapes only what JSON requires.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>For a writer.</summary>
    public static readonly JsonWriterOptions Relaxed = new() { Encoder = Encoder };

    /// <summary>For a serializer. Members keep the names that their types give them.</summary>
    public static readonly JsonSerializerOptions Serializer = new() { Encoder = Encoder };
}
