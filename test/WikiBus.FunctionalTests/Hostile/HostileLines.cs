using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Request lines that no client writes.</summary>
internal static class HostileLines
{
    private static readonly string[] s_methods =
        ["GET", "GET", "POST", "PURGE", "CONNECT", "OPTIONS", "DELETE", "PUT", "TRACE", "get", "PRI", "G\0T", "",
        "\u00ff"];

    private static readonly string[] s_targets =
    [
        "/", "*", "//", "/v1/events", "http://a/v1/events", "http://a:99999/", "https://[::1", "a:443", "/healthz",
        "/v1/schemas/", "/v1/schemas/../../../etc/passwd", "/v1/schemas/test/event/1.0.0", "/v1/streams", "/metrics",
        "/v1/stream-configs/a,b|c", "/v2/streams", "/v1/keys", "/_info/name", "/_info/home", "/?spec", "/..", "/%",
        "/v1/keys/x/rotate", "", "\\", "/v1/events?hasty",
    ];

    private static readonly string[] s_pieces =
    [
        "%", "%2", "%zz", "%00", "%2f", "%2e%2e/", "../", "./", "//", "?", "#", "\\", "\t", " ", "\r", "\n", "\0",
        "\u007f",
        "\u00e9", "\u00c0\u00af", "%c0%af", "%ff", "%ud800", "{x}", "a", "/", ";", ",", "@", ":", "apikey=x", "\u00ff",
    ];

    private static readonly string[] s_versions =
        ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.",
        "", "X"];

    public static HostileCase Next(Random random)
    {
        var target = new StringBuilder(random.Pick(s_targets));
        for (var count = random.Next(4); count > 0; count--)
        {
            target.Insert(random.Next(target.Length + 1), random.Pick(s_pieces));
        }

        if (random.OneIn(40))
        {
            target.Append('a', random.Next(10_000, 40_000));
        }

        var space = random.OneIn(20) ? random.Pick("", "  ", "\t") : " ";
        var line = $"{random.Pick(s_methods)}{space}{target}{space}{random.Pick(s_versions)}";
        var bytes = HostileText.Request(line, "Host: localhost\r\nContent-Length: 0\r\n" + HostileText.Close);
        return random.OneIn(10)
            ? new HostileCase(bytes[..random.Next(1, bytes.Length - 2)]) { IsCut = true }
            : new HostileCase(bytes);
    }
}
