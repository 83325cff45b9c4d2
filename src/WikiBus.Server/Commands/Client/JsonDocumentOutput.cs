using System.Text;
using System.Text.Json;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Client;

/// <summary>Writes one object: indented on a terminal, as a line elsewhere.</summary>
internal static class JsonDocumentOutput
{
    private static readonly JsonWriterOptions s_indented = JsonOutput.Relaxed with { Indented = true, NewLine = "\n" };

    public static void Write(JsonElement value)
    {
        if (!Terminal.ShowsTables)
        {
            Terminal.WriteLine(value.GetRawText());
            return;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            value.WriteTo(writer);
        }

        Terminal.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
