using System.IO.Compression;

namespace WikiBus.FunctionalTests.Hostile;

/// <summary>Compressed bodies: whole, cut off, damaged, mislabelled, and far larger than they look.</summary>
internal static class HostileEncodings
{
    private static readonly string[] s_names = ["gzip", "deflate", "br", "GZIP", "x-gzip"];

    public static HostileCase Next(Random random, HostileEvents events)
    {
        var body = events.Next(random);
        var name = random.Pick(s_names);
        var packed = Pack(name, body.Bytes);
        // Brotli has no check sum: a damaged body may hold other events, which are valid.
        var choice = name == "br" ? random.Pick(0, 2, 3, 4, 5, 6, 7) : random.Next(8);
        return choice switch
        {
            0 => Case(name, packed[..random.Next(packed.Length)]),
            1 => Case(name, Damage(random, packed)) with { Ids = body.Ids },
            2 => Case(random.Pick(s_names), packed) with { Ids = body.Ids },
            3 => Case(name, Pack(name, packed)),
            4 => Case(name, Pack(name, new byte[random.Next(70_000, 3_000_000)])),
            5 => Case(name, [.. packed, .. body.Bytes]) with { Ids = body.Ids },
            6 => Case(name, body.Bytes),
            _ => Case(name, packed) with { Ids = body.Ids },
        };
    }

    private static HostileCase Case(string name, byte[] body) =>
        new(HostileText.Post($"Content-Encoding: {name}\r\n{HostileText.Length(body)}", body))
        {
            IsIntake = true,
            KeepsConnection = true,
        };

    private static byte[] Damage(Random random, byte[] packed)
    {
        var damaged = packed.ToArray();
        damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
        return damaged;
    }

    private static byte[] Pack(string name, byte[] body)
    {
        var packed = new MemoryStream();
        using (Stream stream = name switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            _ => new GZipStream(packed, CompressionLevel.Fastest),
        })
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
