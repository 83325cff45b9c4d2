using System.Globalization;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Good events after headers that contradict each other, are false, or are not headers.</summary>
internal static class HostileHeaders
{
    private static readonly string[] s_strange =
    [
        "Content-Type: text/html\r\n", "Content-Type: application/json; charset=utf-7\r\n", "Content-Type:\r\n",
        "Content-Type: application/json; charset=\"utf-8\r\n", "Content-Type: \u00ff\u00fe\r\n", "X: \u00c3\u0028\r\n",
        "Content-Encoding: zstd\r\n", "Content-Encoding: gzip, br\r\n", "Content-Encoding: \u00e9\r\n", "X : y\r\n",
        "no colon\r\n", ": no name\r\n", "X: a\r\n folded\r\n", "X: a\0b\r\n", "X: a\rb\r\n", "X: a\nY: b\r\n",
        "Host: other\r\n", "Host: \u00e9 {}\r\n", "Authorization: Bearer x\r\n", "Authorization: \u00ff\r\n",
        "Cookie: service-key=x\r\n", "Cookie: =;;=\u00ff\r\n", "X-Forwarded-For: 1.2.3.4\r\n",
        "Forwarded: for=\"_x\"\r\n",
        "Origin: null\r\n", "Expect: 100-continue\r\n", "Expect: miracles\r\n", "Upgrade: h2c\r\n", "Via: x\r\n",
        "Connection: upgrade, keep-alive, close\r\n", "TE: trailers\r\n", "Range: bytes=0-\r\n",
        "Accept: \u00ff/*\r\n",
        "traceparent: 00-zz-1-01\r\n", "X-Client-IP: ::::\r\n", "X-Request-Id: \u00c3\u00a9\r\n",
        "User-Agent: \u0001\r\n",
    ];

    private static readonly string[] s_lengths =
    [
        "-1", "+5", "0x10", "1e3", "", " ", "5, 5", "99999999999999999999999", "9223372036854775807", "5 5",
        "\u00b2", "NaN",
    ];

    private static readonly string[] s_codings =
        ["chunked, chunked", "gzip, chunked", "identity", "xchunked", "chunked;q=1", "", "\tchunked", "CHUNKED",
        "chunked,"];

    public static HostileCase Next(Random random, HostileEvents events)
    {
        var body = events.Next(random);
        return random.Next(6) switch
        {
            0 => Whole(body, $"Content-Length: {random.Pick(s_lengths)}\r\n", hasLength: false) with
            {
                IsCut = true,
                Ids = [],
            },
            1 => WrongLength(random, body),
            2 => Whole(body, $"Transfer-Encoding: {random.Pick(s_codings)}\r\n", hasLength: random.OneIn(2)),
            3 => Whole(body, Huge(random), hasLength: true),
            _ => Whole(body, Some(random), hasLength: true),
        };
    }

    /// <summary>Shorter: the body is cut, and its rest is not a request. Longer: the body does not end.</summary>
    private static HostileCase WrongLength(Random random, HostileBody body)
    {
        var said = random.OneIn(2)
            ? random.Next(body.Bytes.Length - 1)
            : body.Bytes.Length + random.Next(1, 1_000);
        var length = said.ToString(CultureInfo.InvariantCulture);
        // White space may follow the list: then nothing is cut off.
        var end = body.Bytes.AsSpan().TrimEnd(" \r\n\t"u8).Length;
        var isWhole = said >= end && said <= body.Bytes.Length;
        return new HostileCase(HostileText.Post($"Content-Length: {length}\r\n{HostileText.Close}", body.Bytes))
        {
            IsIntake = true,
            IsCut = !isWhole,
            Ids = isWhole ? body.Ids : [],
        };
    }

    private static string Some(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Pick(s_strange)));

    private static string Huge(Random random) => random.OneIn(2)
        ? $"X: {new string('x', random.Next(1_000, 70_000))}\r\n"
        : string.Concat(Enumerable.Range(0, random.Next(50, 300)).Select(static number => $"X-{number}: y\r\n"));

    private static HostileCase Whole(HostileBody body, string headers, bool hasLength)
    {
        var length = hasLength ? HostileText.Length(body.Bytes) : "";
        return new HostileCase(HostileText.Post(headers + length + HostileText.Close, body.Bytes))
        {
            IsIntake = true,
            Ids = body.Ids,
        };
    }
}
