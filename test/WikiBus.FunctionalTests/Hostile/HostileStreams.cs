using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Requests for streams with any path, query and headers.</summary>
internal static class HostileStreams
{
    private static readonly string[] s_names =
    [
        "test.event", "test.event", "test.event", "mediawiki.recentchange", "nothing", "", "..", ".", "*", "a b",
        "%00", "%2c",
        "%ff", "%ud800", "\u00e9", "test.event,test.event", "__proto__", "TEST.EVENT", "%74est.event", "x/y", "\\",
    ];

    private static readonly string[] s_times =
    [
        "0", "-1", "1e3", "99999999999999999999", "2020-01-01", "2020-13-45", "now", "", "%00",
        "2020-01-01T00:00:00%2B99:99",
        "0000-00-00", "9999-12-31T23:59:60Z", "Thu,%2014%20Jun%202018%2000:00:00%20GMT", "\u00e9", "253402300800000",
    ];

    private static readonly string[] s_filters =
    [
        "test=x", "test!=", "=", "a.b.c~d", "n%3E1e999", "n<NaN", "a..b=1", ".=1", "~", "%00=%00", "test=%ff", "a=b=c",
        "meta.stream~test", "test%21%3Dx", "\u00e9=\u00e9", "$schema~.", "a%20=%20b", "n>0x10", "n=-0", "",
    ];

    private static readonly string[] s_channels =
        ["event://*/test/*", "event://", "*", "event://a/*/b", "http://a", "", "event://%00/", "event://a/**", "%ff",
        "//"];

    private static readonly string[] s_ids =
    [
        "[]", "{}", "[{}]", "null", "[null]", "[[]]", "7", "\"a,b\"", "[", "x", "", "\u00e9",
        "[{\"topic\":\"test.event\"}]",
        "[{\"topic\":\"test.event\",\"partition\":0,\"offset\":0}]",
        "[{\"topic\":\"test.event\",\"partition\":0,\"offset\":-1}]",
        "[{\"topic\":\"test.event\",\"partition\":0,\"offset\":9223372036854775808}]",
        "[{\"topic\":\"test.event\",\"partition\":0,\"offset\":1e3,\"timestamp\":-1}]",
        "[{\"topic\":\"eqiad.test.event\",\"partition\":0,\"timestamp\":1700000000000}]",
        "[{\"topic\":\"test.event\",\"partition\":0,\"offset\":0,\"log\":\"x\",\"position\":-5}]",
        "[{\"topic\":\"test.event\",\"partition\":7,\"offset\":{\"a\":[]}}]", "[{\"topic\":7}]",
        "[{\"topic\":\"\\ud800\"}]",
        "[{\"topic\":\"a\",\"topic\":\"b\",\"partition\":0,\"offset\":1}]", "[\"test.event\",{\"partition\":0}]",
    ];

    private static readonly string[] s_pieces =
        ["%", "%2", "\u00ff", "[", "}", "\"", ",", "=", "~", ".", "0", new string('9', 400), "\t", "*"];

    public static HostileCase Next(Random random)
    {
        var line = $"{(random.OneIn(8) ? "HEAD" : "GET")} /v2/stream/{NamesOf(random)}{QueryOf(random)} HTTP/1.1";
        var headers = new StringBuilder("Host: localhost\r\n");
        if (random.OneIn(3))
        {
            headers.Append("Last-Event-ID: ").Append(Mutate(random, random.Pick(s_ids))).Append("\r\n");
        }

        if (random.OneIn(4))
        {
            var accept = random.Pick("application/json", "text/event-stream", "*/*", ";", "\u00ff");
            headers.Append("Accept: ").Append(accept).Append("\r\n");
        }

        var bytes = HostileText.Request(line, headers.Append(HostileText.Close).ToString());
        return new HostileCase(bytes) { IsHead = line[0] == 'H' };
    }

    private static string NamesOf(Random random)
    {
        var count = random.OneIn(20) ? random.Next(100, 1_500) : random.Next(1, 5);
        return string.Join(',', Enumerable.Range(0, count).Select(_ => random.Pick(s_names)));
    }

    private static string QueryOf(Random random)
    {
        var count = random.OneIn(20) ? random.Next(10, 200) : random.Next(4);
        var parts = Enumerable.Range(0, count).Select(_ => random.Next(8) switch
        {
            0 => $"since={random.Pick(s_times)}",
            1 => $"until={random.Pick(s_times)}",
            2 => $"filter={Mutate(random, random.Pick(s_filters))}",
            3 => $"fields={Mutate(random, random.Pick("test", "a,b", "a.b.c", ",", "$schema", "", "%00", "a,,b"))}",
            4 => $"channel={Mutate(random, random.Pick(s_channels))}",
            5 => $"Last-Event-ID={Uri.EscapeDataString(random.Pick(s_ids))}",
            6 => random.Pick("canary", "canary=x", "apikey=", "timestamp=1", "x=y", "&", "=", "%", "%%%=", "?"),
            _ => $"last-event-id={random.Pick("[]", "%5B%7B%7D%5D", "%ff", "[{")}",
        });
        return count == 0 ? random.Pick("", "?", "?&&") : "?" + string.Join('&', parts);
    }

    private static string Mutate(Random random, string text)
    {
        if (!random.OneIn(3))
        {
            return text;
        }

        var at = random.Next(text.Length + 1);
        return text.Insert(at, random.Pick(s_pieces));
    }
}
