using System.Text;
using WikiBus.Json;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Tests.Streaming.Requests;

/// <summary>
/// Seeded noise for every text that a reader may send: it is read or explained, and nothing throws.
/// </summary>
public sealed class RequestFuzzTests
{
    private static readonly string[] s_seeds =
    [
        """[{"topic":"s","partition":0,"offset":7,"timestamp":9,"log":"L","position":12}]""",
        """["a",{"topic":"eqiad.s","partition":1,"timestamp":1700000000001}]""",
        "\"a,b\"", "a.b!=c", "tags~x", "size>1e3", "a >= \"x\\u0041\"",
        "20261129211700", "1795987000", "a,b.c,$schema", "event://*/deki/pages/*",
        "2018-06-14T00:00:00.5+02:00",
        "1700000000000", "Thu, 14 Jun 2018 00:00:00 GMT",
        "{\"a\":{\"b\":[1,\"x\",null]},\"tags\":[\"y\"],\"size\":1e999}",
    ];

    private const string Alphabet = "[]{}\":, .0123456789-+eE!=~<>/*@?# abctopicoffsetTZ\\ud8\u00e9\0\r\n\ud83d";

    [Fact]
    public async Task AnyText_IsReadOrExplained()
    {
        var tape = new JsonTape();
        await Fuzzer.FromEnvironment().RunAsync(random =>
        {
            var text = Mutate(random.Pick(s_seeds), random);
            Feed(text, tape, random.Pick(s_seeds));
        });
    }

    private static void Feed(string text, JsonTape tape, string other)
    {
        if (ResumeId.TryParse(text, out var entries, out var assignmentFault))
        {
            entries.ShouldNotBeEmpty();
        }
        else
        {
            assignmentFault!.Message.ShouldNotBeEmpty();
        }

        TimeParameter.TryParse(text, out _);
        if (ChannelPattern.TryParse(text, out var pattern, out var fault))
        {
            pattern.Matches(Encoding.UTF8.GetBytes(other));
        }
        else
        {
            fault.ShouldNotBeEmpty();
        }

        var isJson = tape.TryParse(Encoding.UTF8.GetBytes(other), out _);
        if (FilterExpression.TryParse(text, out var filter, out fault) && isJson)
        {
            filter.Matches(tape.Root);
        }

        if (Projection.TryParse(text, out var projection, out fault) && isJson)
        {
            projection.Write(tape.Root, new System.Buffers.ArrayBufferWriter<byte>());
        }
    }

    private static string Mutate(string text, Random random)
    {
        var characters = new StringBuilder(text);
        for (var count = random.Next(6); count > 0; count--)
        {
            var at = random.Next(characters.Length + 1);
            switch (random.Next(4))
            {
                case 0:
                    characters.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 1 when at < characters.Length:
                    characters.Remove(at, Math.Min(random.Next(1, 8), characters.Length - at));
                    break;
                case 2 when at < characters.Length:
                    characters[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                default:
                    characters.Insert(at, s_seeds[random.Next(s_seeds.Length)]);
                    break;
            }
        }

        return characters.ToString();
    }
}
