using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Json.Tests;

namespace WikiBus.Schemas.Tests.Rules;

/// <summary>
/// The same errors and defaults as ajv 6.12.6, whose answers are in the folder Data and in EventGate's recordings.
/// </summary>
public sealed class AjvParityTests
{
    public static TheoryData<string> CaseNames() => [.. Cases().Select(entry => entry["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Errors_AreThoseOfAjv(string name)
    {
        var recorded = Cases().First(entry => entry["name"]!.GetValue<string>() == name);
        var schema = TestJson.Compile(recorded["schema"]!.ToJsonString());
        var errors = new List<SchemaError>();
        schema.Validate(TestTape.Parse(recorded["value"]!.ToJsonString()), errors);
        ShouldEqual(TestJson.ToJson(errors), recorded["errors"]!);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Defaults_AreThoseOfAjv(string name)
    {
        var recorded = Cases().First(entry => entry["name"]!.GetValue<string>() == name);
        var value = recorded["value"]!.ToJsonString();
        var defaults = new List<SchemaDefault>();
        TestJson.Compile(recorded["schema"]!.ToJsonString()).Validate(TestTape.Parse(value), null, defaults);
        var completed = TestJson.Splice(value, defaults);
        completed.ShouldBe(recorded["completed"]!.ToJsonString(), "the order of members counts, too");
    }

    [Fact]
    public void RecordedEventGateErrors_AreTheSame()
    {
        var compared = 0;
        foreach (var line in File.ReadAllText(Conformance.PathOf("eventgate-probes.jsonl")).Split('\n'))
        {
            if (line.Length == 0 || JsonNode.Parse(line)!["response_body"]?.ToString() is not ['{', ..] body)
            {
                continue;
            }

            foreach (var item in JsonNode.Parse(body)!["invalid"] as JsonArray ?? [])
            {
                compared += Compare(item!) ? 1 : 0;
            }
        }
        compared.ShouldBeGreaterThan(15);
    }

    private static bool Compare(JsonNode item)
    {
        var uri = item["event"] is JsonObject members ? members["$schema"]?.ToString() ?? "" : "";
        // The first answer to this one was about the referenced schema, not about the event.
        var isAboutEvent = uri is not "/test/refinsecure/1.0.0" && !uri.Contains('#', StringComparison.Ordinal);
        if (!isAboutEvent || Read(uri) is not { } text)
        {
            return false;
        }

        var compilation = SchemaCompiler.Compile(text, new SchemaCompilerOptions { Resolve = Read });
        var errors = new List<SchemaError>();
        compilation.Schema.ShouldNotBeNull(compilation.Fault).Validate(TestTape.Parse(item["event"]!.ToJsonString()),
            errors);
        ShouldEqual(TestJson.ToJson(errors), item["context"]!["errors"]!);
        return true;
    }

    private static ReadOnlyMemory<byte>? Read(string uri)
    {
        var path = Path.Combine(Conformance.PathOf("eventgate-schemas", "jsonschema"), uri.TrimStart('/'));
        if (uri.Contains("..", StringComparison.Ordinal) || !File.Exists(path)
            || File.ReadAllText(path) is not ['{', ..] json)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(json);
    }

    private static void ShouldEqual(JsonNode actual, JsonNode expected) =>
        actual.ToJsonString().ShouldBe(expected.ToJsonString());

    private static IEnumerable<JsonObject> Cases() =>
        JsonNode.Parse(TestJson.ReadData("ajv-6.12.6.json"))!.AsArray().Select(entry => entry!.AsObject());
}
