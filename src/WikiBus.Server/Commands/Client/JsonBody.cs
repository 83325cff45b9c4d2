using System.Net.Http.Headers;
using System.Text.Json;

namespace WikiBus.Server.Commands.Client;

/// <summary>Makes the bodies of requests. A member whose option is not given is left out.</summary>
internal static class JsonBody
{
    /// <summary>An object.</summary>
    /// <param name="write">Writes its members.</param>
    public static HttpContent Of(Action<Utf8JsonWriter> write)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void WriteList(Utf8JsonWriter writer, string name, string[]? values)
    {
        if (values is { Length: > 0 })
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }
}
