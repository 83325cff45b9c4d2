using System.Globalization;
using System.Text;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Chunked bodies: in strange pieces, with faults, and cut off.</summary>
internal static class HostileChunks
{
    private static readonly string[] s_badSizes =
        ["x", "-1", "0x5", "FFFFFFFFFFFFFFFF", "80000000", "7fffffffffffffff", "", " ", "5 5", "+5", "\u00ff", "1g",
        "\0"];

    private static readonly string[] s_extensions = ["", "", "", ";a", ";a=b", ";a=\"b;c\"", " ;a", ";\u00ff", ";;;"];

    private static readonly string[] s_goodTrailers = ["", "", "X-End: 1\r\n", "X-End: \r\nX-Other: 2\r\n"];
    private static readonly string[] s_badTrailers = ["no colon\r\n", ": x\r\n", "X : y\r\n", "\u00ff\r\n",
        "X: a\0\r\n"];

    public static HostileCase Next(Random random, HostileEvents events)
    {
        var body = events.Next(random);
        var isBroken = random.OneIn(2);
        var chunks = Chunks(random, body.Bytes, isBroken);
        var trailers = random.OneIn(10) ? random.Pick(s_badTrailers) : random.Pick(s_goodTrailers);
        byte[] whole = [.. chunks, .. Encoding.Latin1.GetBytes($"0\r\n{trailers}\r\n")];
        if (!isBroken && random.OneIn(3))
        {
            return Case(whole[..random.Next(chunks.Length)]) with { IsCut = true };
        }

        // A damaged size may announce more bytes than follow.
        return Case(whole) with { IsCut = isBroken, Ids = body.Ids };
    }

    private static HostileCase Case(byte[] body) =>
        new(HostileText.Post("Transfer-Encoding: chunked\r\n" + HostileText.Close, body)) { IsIntake = true };

    private static byte[] Chunks(Random random, byte[] body, bool isBroken)
    {
        var bytes = new List<byte>();
        var sizeMax = random.Pick(1, 7, 100, 5_000);
        var position = 0;
        while (position < body.Length)
        {
            var size = Math.Min(random.Next(1, sizeMax + 1), body.Length - position);
            bytes.AddRange(Encoding.Latin1.GetBytes(SizeText(random, size) + random.Pick(s_extensions) + "\r\n"));
            bytes.AddRange(body[position..(position + size)]);
            bytes.AddRange("\r\n"u8);
            position += size;
        }

        if (isBroken)
        {
            Break(random, bytes);
        }

        return [.. bytes];
    }

    private static string SizeText(Random random, int size)
    {
        var text = size.ToString(random.Pick("x", "X"), CultureInfo.InvariantCulture);
        return random.OneIn(10) ? "000" + text : text;
    }

    private static void Break(Random random, List<byte> bytes)
    {
        var ends = Enumerable.Range(2, bytes.Count - 1).Where(at => bytes[at - 2] == '\r' && bytes[at - 1] == '\n');
        var end = random.Pick(ends.ToList());
        switch (random.Next(4))
        {
            case 0:
                bytes.InsertRange(0, Encoding.Latin1.GetBytes(random.Pick(s_badSizes) + "\r\n"));
                break;
            case 1:
                bytes.RemoveRange(end - 2, 2);
                break;
            case 2:
                bytes.InsertRange(end, Encoding.Latin1.GetBytes("junk"));
                break;
            default:
                bytes.InsertRange(1, Enumerable.Repeat((byte)'0', random.Next(10, 30_000)));
                break;
        }
    }
}
