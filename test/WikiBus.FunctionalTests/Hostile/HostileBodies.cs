using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Bodies with byte order marks, charsets, too many events, deep nesting, or without JSON.</summary>
internal static class HostileBodies
{
    private static readonly string[] s_wholes =
    [
        "", " ", "null", "7", "\"x\"", "[", "]", "{", "[]", "[[]]", "{\"0\":[]}", "{\"0\":{},\"x\":{}}", "NaN",
        "[1,]", "{'a':1}",
        "// x\n{}", "\u00ff\u00fe", "[{}]x", "\0", "[\"\\ud800\"]", "{\"a\":1,\"a\":1}", "{\"00\":{},\"0\":{}}",
        "{\"99999999999999999999\":{}}", "\u00ef\u00bb\u00bf\u00ef\u00bb\u00bf[]", "[\"\\u00\"]", "[01]", "[1e]",
        "[-]",
    ];

    public static HostileCase Next(Random random, HostileEvents events)
    {
        var body = events.Next(random);
        return random.Next(8) switch
        {
            0 => Case(Encoding.Latin1.GetBytes(random.Pick(s_wholes))),
            1 => Case(Encoding.Latin1.GetBytes(Deep(random))),
            2 => Case([.. Encoding.UTF8.Preamble, .. body.Bytes]) with { Ids = body.Ids },
            3 => Case(new byte[random.Next(60_000, 70_000)]),
            4 => Case(Encoding.Latin1.GetBytes(Many(random.Next(990, 1_010)))),
            5 => Case(body.Bytes[..random.Next(body.Bytes.AsSpan().TrimEnd(" \r\n\t"u8).Length)]),
            _ => Case(body.Bytes) with { Ids = body.Ids },
        };
    }

    private static HostileCase Case(byte[] body) =>
        new(HostileText.Post(HostileText.Length(body), body)) { IsIntake = true, KeepsConnection = true };

    private static string Many(int count) => $"[{string.Join(',', Enumerable.Repeat("{}", count))}]";

    private static string Deep(Random random)
    {
        var (open, close) = random.OneIn(2) ? ("[", "]") : ("{\"a\":", "}");
        var depth = random.Next(490, 3_000);
        var text = new StringBuilder().Insert(0, open, depth).Append('1');
        return (random.OneIn(3) ? text : text.Insert(text.Length, close, depth)).ToString();
    }
}
