using System.Text;
using System.Text.Json;
using WikiBus.Json;

namespace WikiBus.Schemas.Tests;

/// <summary>Our schemas give recorded events the answers of EventGate, where these are safe.</summary>
public sealed class EventGateProbeTests
{
    /// <summary>Probes with another answer of ours, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_deviations = new(StringComparer.Ordinal)
    {
        ["ok-schema-traversal-inside"] = "dot segments are refused wherever they lead",
        ["ok-schema-traversal-outside-base"] = "a schema outside of the base",
        ["ok-schema-traversal-backslash"] = "a schema outside of the base",
        ["ok-schema-absolute-file-uri"] = "a file of the server",
        ["bad-schema-is-draft7-metaschema"] = "a built-in metaschema is no event schema",
        ["ok-meta-schema-json-schema-secure"] = "a built-in metaschema is no event schema",
        ["ok-schema-query-string"] = "queries make cache entries without end",
        ["bad-schema-fragment-uncached"] = "a fragment would choose a part of the schema",
        ["ok-schema-fragment-cached"] = "a fragment would choose a part of the schema",
        ["ok-schema-fragment-examples-bypass"] = "a fragment would choose a part of the schema",
        ["err-schema-insecure"] = "a pattern without a length limit is harmless here: it runs in linear time",
        ["bad-schema-ref-to-insecure-schema"] =
            "a pattern without a length limit is harmless here: it runs in linear time",
    };

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        if (!Conformance.Has("eventgate-probes.jsonl"))
        {
            // One case that is skipped with a reason: an empty list of cases would fail.
            names.Add("none");
            return names;
        }
        foreach (var probe in Conformance.ReadLines("eventgate-probes.jsonl")
            .Where(static probe => Judgement.Of(probe) is not null))
        {
            names.Add(probe.GetProperty("name").GetString()!);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RecordedEvents_AreJudgedAsEventGateDid(string name)
    {
        var probe = Conformance.ReadLines("eventgate-probes.jsonl")
            .Single(probe => probe.GetProperty("name").GetString() == name);
        var folder = Conformance.PathOf("eventgate-schemas/jsonschema");
        await using var repository = new SchemaRepository(
            new SchemaRepositoryOptions { Sources = [folder, folder + "2"], IncludeBuiltIn = false },
            TimeProvider.System);
        var expected = Judgement.Of(probe)!;
        var actual = await Judgement.MakeAsync(repository, probe.GetProperty("body").GetString()!);
        if (s_deviations.TryGetValue(name, out var reason))
        {
            actual.ShouldNotBe(expected, $"The probe agrees now; the deviation ({reason}) can go.");
        }
        else
        {
            actual.ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("/test/scalar/1.0.0", "schema should be object or boolean")]
    [InlineData("/test/empty/1.0.0", "schema should be object or boolean")]
    [InlineData("/test/unknownformat/1.0.0",
        "unknown format \"no-such-format\" is used in schema at path \"#/properties/s\"")]
    [InlineData("/test/conflict/1.0.0", "schema with key or id \"/test/event/1.0.0\" already exists")]
    [InlineData("/test/badyaml/1.0.0", "Failed loading schema at /test/badyaml/1.0.0")]
    [InlineData("/test/event", "Failed loading schema at /test/event")]
    [InlineData("", "Failed loading schema at ")]
    [InlineData("/test/badref/1.0.0", "can't resolve reference /no/such/fragment/1.0.0 from id /test/badref/1.0.0")]
    public async Task FaultySchema_HasEventGatesWords(string uri, string fault)
    {
        var folder = Conformance.PathOf("eventgate-schemas/jsonschema");
        await using var repository =
            new SchemaRepository(new SchemaRepositoryOptions { Sources = [folder] }, TimeProvider.System);
        (await repository.GetAsync(uri, TestContext.Current.CancellationToken)).Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData("/test/otherid/1.0.0")]
    [InlineData("/test/draft4/1.0.0")]
    [InlineData("/test/noschema/1.0.0")]
    [InlineData("/test/event/latest")]
    [InlineData("/test/ext/1.0.0")]
    [InlineData("/test/event/2.0.0")]
    [InlineData("/test/event/1.0.0#")]
    public async Task Schema_Compiles(string uri)
    {
        var folder = Conformance.PathOf("eventgate-schemas/jsonschema");
        await using var repository =
            new SchemaRepository(new SchemaRepositoryOptions { Sources = [folder, folder + "2"] }, TimeProvider.System);
        var lookup = await repository.GetAsync(uri, TestContext.Current.CancellationToken);
        lookup.Schema.ShouldNotBeNull(lookup.Fault);
        repository.TryGet(Encoding.UTF8.GetBytes(uri), out var compiled).ShouldBeTrue();
        compiled.ShouldBeSameAs(lookup.Schema);
    }

    /// <summary>The verdicts on the events of one body.</summary>
    /// <param name="Invalid">The violations of each invalid event.</param>
    /// <param name="ErrorCount">Events without a verdict.</param>
    private sealed record Judgement(string Invalid, int ErrorCount)
    {
        private static readonly string[] s_errorMembers = ["keyword", "dataPath", "schemaPath", "message"];

        /// <summary>
        /// EventGate's verdicts; null if the probe tests something else than events and their schemas.
        /// </summary>
        public static Judgement? Of(JsonElement probe)
        {
            if (probe.GetProperty("path").GetString() != "/v1/events"
                || probe.GetProperty("method").GetString() != "POST"
                || !probe.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.String
                || probe.GetProperty("status").ValueKind != JsonValueKind.Number)
            {
                return null;
            }
            if (probe.GetProperty("status").GetInt32() == 201)
            {
                return new Judgement("", 0);
            }

            var response = probe.GetProperty("response_body").GetString();
            if (response is null || !response.StartsWith("{\"invalid\"", StringComparison.Ordinal))
            {
                return null;
            }

            using var answer = JsonDocument.Parse(response);
            var invalid = answer.RootElement.GetProperty("invalid").EnumerateArray()
                .Select(static item => Describe(item.GetProperty("context")));
            var errors = answer.RootElement.TryGetProperty("error", out var list) ? list.GetArrayLength() : 0;
            return new Judgement(string.Join("\n", invalid), errors);
        }

        public static async Task<Judgement> MakeAsync(SchemaRepository repository, string body)
        {
            var tape = new JsonTape();
            tape.TryParse(Encoding.UTF8.GetBytes(body), out _).ShouldBeTrue();
            var (invalid, errors) = (new List<string>(), 0);
            foreach (var uri in Uris(tape.Root))
            {
                var schema = uri is null ? null
                    : (await repository.GetAsync(uri, TestContext.Current.CancellationToken)).Schema;
                var item = Items(tape.Root)[invalid.Count + errors];
                var violations = new List<SchemaError>();
                if (schema is null)
                {
                    errors++;
                }
                else
                {
                    invalid.Add(schema.Validate(item, violations) ? "" : Describe(violations));
                }
            }
            return new Judgement(string.Join("\n", invalid.Where(static text => text.Length > 0)), errors);
        }

        private static List<string?> Uris(JsonTapeValue root) =>
            [.. Items(root)
                .Select(static item => item["$schema"u8] is { Kind: JsonKind.String } uri ? uri.GetString() : null)];

        private static List<JsonTapeValue> Items(JsonTapeValue root)
        {
            if (root.Kind != JsonKind.Array)
            {
                return [root];
            }

            var items = new List<JsonTapeValue>();
            foreach (var item in root)
            {
                items.Add(item);
            }

            return items;
        }

        private static string Describe(JsonElement context) =>
            string.Join("; ", context.GetProperty("errors").EnumerateArray().Select(static error => string.Join(
                ' ', s_errorMembers.Select(member => error.GetProperty(member).GetString()))));

        private static string Describe(List<SchemaError> violations) =>
            string.Join("; ", violations.Select(
                static error => $"{error.Keyword} {error.DataPath} {error.SchemaPath} {error.Message}"));
    }
}
