using System.Text;
using System.Text.Json;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>One recorded exchange with EventGate, its placeholders replaced.</summary>
internal sealed class EventGateProbe
{
    private readonly JsonElement _record;
    private readonly Func<string, string> _replace;

    public EventGateProbe(JsonElement record, string schemaFolder, Uri schemaServer)
    {
        _record = record;
        _replace = text => text
            .Replace("{{SCHEMA_DIR}}", schemaFolder, StringComparison.Ordinal)
            .Replace("{{SCHEMA_HTTP}}", schemaServer.ToString().TrimEnd('/'), StringComparison.Ordinal);
    }

    public string Name => Text("name")!;

    public string Method => Text("method")!;

    public string Target => _replace(Text("path")!);

    public bool IsChunked => _record.TryGetProperty("chunked", out var chunked) && chunked.GetBoolean();

    public IEnumerable<(string Name, string Value)> Headers =>
        _record.GetProperty("headers").EnumerateObject()
            .Select(static header => (header.Name, header.Value.GetString()!));

    public byte[]? Body => Text("body_base64") is { } encoded ? Convert.FromBase64String(encoded)
        : Text("body") is { } body ? Encoding.UTF8.GetBytes(_replace(body)) : null;

    /// <summary>Null: EventGate never answered.</summary>
    public int? Status =>
        _record.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32() : null;

    public string ResponseBody => _replace(Text("response_body") ?? "");

    /// <summary>True: the recorded body is compressed, and its text is not compared.</summary>
    public bool HasCompressedResponse => Text("response_body_base64") is not null;

    /// <summary>The events that EventGate wrote to its output, in order; null: not recorded.</summary>
    public IReadOnlyList<string>? Stored => _record.TryGetProperty("sink", out var sink)
        ? [.. sink.EnumerateArray().Select(line => _replace(line.GetString()!))]
        : null;

    private string? Text(string name) =>
        _record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
