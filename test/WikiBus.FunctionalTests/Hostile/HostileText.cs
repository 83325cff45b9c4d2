using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Requests written by hand; one character is one byte.</summary>
internal static class HostileText
{
    public const string Close = "Connection: close\r\n";

    /// <summary>The lines of a head as they are, and the empty line after them.</summary>
    public static byte[] Request(string line, string headers, ReadOnlySpan<byte> body = default) =>
        [.. Encoding.Latin1.GetBytes($"{line}\r\n{headers}\r\n"), .. body];

    /// <summary>A request with events.</summary>
    public static byte[] Post(string headers, ReadOnlySpan<byte> body) => Request(
        "POST /v1/events HTTP/1.1", $"Host: localhost\r\nContent-Type: application/json\r\n{headers}", body);

    /// <summary>The header of a body's length.</summary>
    public static string Length(byte[] body) => FormattableString.Invariant($"Content-Length: {body.Length}\r\n");
}
