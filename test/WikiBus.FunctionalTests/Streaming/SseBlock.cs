using System.Text.Json;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>One block of an event stream, as it came.</summary>
internal sealed record SseBlock(string Raw)
{
    private readonly string[] _lines = Raw.Split('\n');

    public string? Event => Field("event");

    public string? Id => Field("id");

    public string? Data => Field("data");

    public string? Retry => Field("retry");

    /// <summary>The names of the fields, in order.</summary>
    public string Order => string.Join(',', _lines.Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));

    /// <summary>The data as JSON.</summary>
    public JsonElement Json => Parse(Data);

    /// <summary>The only entry of the id.</summary>
    public JsonElement Place => Parse(Id)[0];

    private JsonElement Parse(string? text) =>
        JsonDocument.Parse(text ?? throw new InvalidOperationException($"Not in: {Raw}")).RootElement;

    private string? Field(string name)
    {
        var line = Array.Find(_lines, line => line.StartsWith(name + ": ", StringComparison.Ordinal));
        return line?[(name.Length + 2)..];
    }
}
