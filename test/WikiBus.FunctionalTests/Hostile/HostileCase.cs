using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>A request as bytes, and the conditions for its answer.</summary>
/// <param name="Bytes">The bytes that are sent.</param>
internal sealed record HostileCase(byte[] Bytes)
{
    private const int ShownMax = 400;

    /// <summary>True if it is for <c>POST /v1/events</c>: the producer must be able to read the answer.</summary>
    public bool IsIntake { get; init; }

    /// <summary>True if it has no end: nothing of it may be stored.</summary>
    public bool IsCut { get; init; }

    /// <summary>
    /// True if it ends where HTTP says, and asks for no close: the connection must be usable after it.
    /// </summary>
    public bool KeepsConnection { get; init; }

    /// <summary>True if the answer has no body, as to <c>HEAD</c>.</summary>
    public bool IsHead { get; init; }

    /// <summary>True if it begins as HTTP/2 does. Kestrel answers by GOAWAY with HTTP_1_1_REQUIRED.</summary>
    public bool BeginsHttp2 => Bytes.AsSpan().StartsWith("PRI * HTTP/2.0\r\n"u8);

    /// <summary>The ids of the events that are stored if the answer reports success.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(ShownMax, Bytes.Length)));
        return $"{Bytes.Length} bytes: {System.Text.Json.JsonSerializer.Serialize(text)}";
    }
}
