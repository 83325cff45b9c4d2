using System.Text;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Makes bodies that are nearly right.</summary>
internal sealed class EventMutator(Random random)
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-0", "1e400", "12345678901234567890",
        "\"\\ud800\"", "\"$schema\"",
        "\"meta\"", "\"stream\"", "\"id\"", "\"dt\"", "\"mediawiki_signature\"", "\"/test/event/1.0.0\"", "\"../../x\"",
        "{}", "[]",
        "\"0\":{}", "\r\n", "\u2028", "\0", "\"a\":1,\"a\":2", "[[[[[[[[[[[[[[[[", "\"/mediawiki/job/1.0.0#/x\"",
    ];

    private static readonly string[] s_starts =
    [
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"5e1dd101-641c"},"test":"x"}""",
        """[{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"}},""" +
        """ {"$schema":"/resource_change/1.0.0","meta":{"uri":"https://a/b","id":"x","dt":"2026-11-20T22:20:26Z",""" +
        """ "domain":"a","stream":"resource-purge"},"tags":["mediawiki"]}]""",
        """{"0":{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"}},""" +
        """ "2":{"$schema":"/nothing","meta":{"stream":"s"}}}""",
        """[{"$schema":"/mediawiki/job/1.0.0","meta":{"uri":"u","id":"i","stream":"mediawiki.job.null"},""" +
        """ "database":"w","type":"null","params":[],"mediawiki_signature":"00"}]""",
    ];

    public byte[] Next()
    {
        var body = Encoding.UTF8.GetBytes(s_starts[random.Next(s_starts.Length)]).ToList();
        for (var count = random.Next(0, 4); count > 0; count--)
        {
            Mutate(body);
        }

        return [.. body];
    }

    private void Mutate(List<byte> body)
    {
        var place = random.Next(body.Count + 1);
        switch (random.Next(5))
        {
            case 0:
                body.InsertRange(place, Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)]));
                break;
            case 1 when place < body.Count:
                body[place] = (byte)random.Next(256);
                break;
            case 2:
                var length = random.Next(0, Math.Min(20, body.Count - place) + 1);
                body.RemoveRange(place, length);
                break;
            case 3:
                var from = random.Next(body.Count + 1);
                body.InsertRange(place, body.GetRange(from, random.Next(0, Math.Min(60, body.Count - from) + 1)));
                break;
            default:
                body.RemoveRange(place, body.Count - place);
                break;
        }
    }
}
