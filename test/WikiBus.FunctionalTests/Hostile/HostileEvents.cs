using System.Globalization;
using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Makes lists of events, good ones with ids of their own and bad ones.</summary>
internal sealed class HostileEvents
{
    /// <summary>Each is refused alone; the other events of the list are judged as usual.</summary>
    private static readonly string[] s_bad =
    [
        "null", "[]", "[[]]", "7", "\"x\"", "{}", "{\"meta\":null}", "{\"meta\":{\"stream\":7}}",
        Event("/nothing/1.0.0", "bad"), Event("/../test/event/1.0.0", "bad"), Event("/test/event/1.0.0#/x", "bad"),
        Event("/test/%2e%2e/event/1.0.0", "bad"), Event("/test\\\\event/1.0.0", "bad"),
        Event("file:///etc/passwd", "bad"), Event("http://127.0.0.1:1/x", "bad"), Event("//host/x", "bad"),
        Event("/test/event/1.0.0", "bad", ",\"test\":1e999"), Event("/test/event/1.0.0", "bad", ",\"test\":[{}]"),
        Event("/test/event/1.0.0", "bad", ",\"a\":1,\"\\u0061\":2"),
        Event("/test/event/1.0.0", "bad", ",\"a\":{\"b\":{\"c\":1,\"c\":1}}"),
        Event("/test/event/1.0.0", "bad").Replace("test.event", "..", StringComparison.Ordinal),
        Event("/test/event/1.0.0", "bad").Replace("test.event", new string('s', 300), StringComparison.Ordinal),
        Event("/test/event/1.0.0", "bad", ",\"a\":" + new string('[', 520) + new string(']', 520)),
        Event("/test/event/1.0.0", "bad", ",\"test\":7,\"a\":" + Nested(480)),
        Event("/test/event/1.0.0", "bad", $",\"test\":7,\"b\":\"{new string(']', 600)}\",\"a\":{Nested(510)}"),
    ];

    private static readonly string[] s_extras =
    [
        "", "", ",\"test\":\"x\"", ",\"test\":\"\\ud800\"", ",\"test\":\"\\u0000\\u2028\"", ",\"n\":1e400",
        ",\"n\":123456789012345678901234567890", ",\"\":{}", ",\"0\":{\"1\":{}}", ",\"__proto__\":{\"x\":1}",
        ",\"a\":" + Nested(500), ",\"mediawiki_signature\":\"00\"", ",\"test\":\"\u00c3\u00a9\"",
        ",\"test\":\"\u00ff\u00fe\"", ",\"test\":\"a\rb\nc\td\"".Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal),
    ];

    private readonly string _prefix;
    private int _last;

    public HostileEvents(int seed) => _prefix = FormattableString.Invariant($"hostile-{seed}-");

    /// <summary>Some events, mostly good ones.</summary>
    public HostileBody Next(Random random)
    {
        var events = new List<string>();
        var ids = new List<string>();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            if (random.OneIn(3))
            {
                events.Add(random.Pick(s_bad));
                continue;
            }

            ids.Add(_prefix + Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture));
            events.Add(Event("/test/event/1.0.0", ids[^1], random.Pick(s_extras)));
        }

        return new HostileBody(Encoding.Latin1.GetBytes(ListOf(events, random)), ids);
    }

    private static string Event(string schema, string id, string extra = "") =>
        $"{{\"$schema\":\"{schema}\",\"meta\":{{\"stream\":\"test.event\",\"id\":\"{id}\"}}{extra}}}";

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    /// <summary>As an array, or as the object that PHP makes of an array with gaps.</summary>
    private static string ListOf(List<string> events, Random random)
    {
        var space = random.Pick("", "", " ", "\n", "\r\n\t");
        if (events.TrueForAll(static text => text[0] == '{') && random.OneIn(4))
        {
            var members = events.Select((text, index) => $"\"{index * 3}\":{space}{text}");
            var list = $"{{{string.Join(',', members)}}}";
            return random.OneIn(2) ? list : $"[{list}]";
        }

        return $"{space}[{string.Join($"{space},", events)}{space}]{space}";
    }
}
