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
    public JsonElement Json => JsonDocument.Parse(Data ?? throw new InvalidOperationException($"No data in: {Raw}")).RootElement;

    /// <summary>The only entry of the id.</summary>
    public JsonElement Place => JsonDocument.Parse(Id ?? throw new InvalidOperationException($"No id in: {Raw}")).RootElement[0];

    private string? Field(string name)
    {
        var line = Array.Find(_lines, line => line.StartsWith(name + ": ", StringComparison.Ordinal));
        return line?[(name.Length + 2)..];
    }
}
