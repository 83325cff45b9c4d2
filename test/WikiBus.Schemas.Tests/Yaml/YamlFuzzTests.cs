using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WikiBus.Json;
using WikiBus.Schemas.Loading;
using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas.Tests.Yaml;

public sealed class YamlFuzzTests
{
    private const string Sample =
        """
        # a schema
        title: x
        $id: &id /a/1.0.0
        required: [a, 'b', "c\u00e9"]
        properties:
          a: {type: integer, minimum: -0x1F}
          b: &b
            type: string
            description: >-
              folded
              text
            pattern: |
              ^a+$
          c: *b
          d: !!float 1.
        examples:
          - {a: .5, b: ~}
          - ? x
            : [1e3, +7, 0o17, true, null]

        """;

    private static readonly string[] s_pieces =
    [
        ":", ": ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "&a ", "*a", "*b", "!!str ", "!!int ", "!<x> ",
        "!", "|", ">", ">-\n", "'", "\"", "\\", "\\ud800",
        "#", " #", "?", "? ", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "~", ".inf", "0x", "\u2028", "\ufeff", "\0",
        "\u0085", "é", "\ud83d\ude00", "@", "`", "=", "1e999",
    ];

    [Fact]
    public async Task BrokenYaml_IsRefusedOrBecomesJson()
    {
        var fuzzer = Fuzzer.FromEnvironment();
        var converted = 0;
        await fuzzer.RunAsync(random =>
        {
            var yaml = Break(random);
            var isRead = SchemaTextReader.TryRead(Encoding.UTF8.GetBytes(yaml), out var schema, out var fault);
            isRead.ShouldBe(fault is null, yaml);
            if (!isRead)
            {
                return;
            }

            converted++;
            new JsonTape().TryParse(schema!.Json, out var jsonFault).ShouldBeTrue($"{yaml}\n{jsonFault}");
        });
        if (fuzzer.IsWhole)
        {
            converted.ShouldBeInRange(fuzzer.Cases / 100, fuzzer.Cases);
        }
    }

    [Fact]
    public async Task Json_MeansTheSameReadAsYaml()
    {
        await Fuzzer.FromEnvironment(share: 10).RunAsync(random =>
        {
            var json = Generate(random, depth: 4)?.ToJsonString() ?? "null";
            YamlConverter.TryConvert(json, out var converted, out var fault).ShouldBeTrue($"{json}\n{fault}");
            using var expected = JsonDocument.Parse(json);
            using var actual = JsonDocument.Parse(converted);
            JsonElement.DeepEquals(actual.RootElement, expected.RootElement)
                .ShouldBeTrue($"{json}\n{Encoding.UTF8.GetString(converted.Span)}");
        });
    }

    private static string Break(Random random)
    {
        var start = random.Next(Sample.Length);
        var text = new StringBuilder(random.Next(3) == 0 ? Sample : Sample[start..random.Next(start, Sample.Length)]);
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var place = random.Next(text.Length + 1);
            if (random.Next(3) == 0)
            {
                text.Remove(place, Math.Min(random.Next(5), text.Length - place));
            }
            else
            {
                text.Insert(place, random.Pick(s_pieces));
            }
        }
        return text.ToString();
    }

    private static JsonNode? Generate(Random random, int depth) => random.Next(depth == 0 ? 4 : 6) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(2) == 0
            ? random.Next(-1_000, 1_000)
            : random.NextDouble() * Math.Pow(10, random.Next(-20, 20)),
        3 => Text(random),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Generate(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4))
            .Select(number => KeyValuePair.Create(Text(random) + number, Generate(random, depth - 1)))),
    };

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(4))
            .Select(_ => random.Pick(s_pieces).Replace("\ufeff", "", StringComparison.Ordinal)));
}
