using System.Text;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A response as it came over the wire.</summary>
internal sealed record RawResponse(int Status, string Reason, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>True for an endless stream of events.</summary>
    public bool IsStream => Status == 200 && !Headers.ContainsKey("Content-Length")
        && Headers.TryGetValue("Content-Type", out var type)
        && (type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));

    /// <summary>True if the connection ends after it.</summary>
    public bool EndsConnection =>
        Headers.TryGetValue("Connection", out var value) && value.Equals("close", StringComparison.OrdinalIgnoreCase);
}
