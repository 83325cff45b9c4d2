using System.Text;
using WikiBus.Json.Tests;

namespace WikiBus.Schemas.Tests.Rules;

/// <summary>
/// Every schema and value gets a verdict: the same with and without errors, and without an exception.
/// </summary>
public sealed class ValidatorFuzzTests(ITestOutputHelper output)
{
    private const int ValuesPerSchema = 20;

    private static readonly string[] s_keywords =
    [
        "\"type\":\"object\"", "\"type\":[\"string\",\"integer\"]", "\"minimum\":1", "\"exclusiveMaximum\":2.5",
            "\"multipleOf\":0.5",
        "\"minLength\":2", "\"maxLength\":3", "\"pattern\":\"^a+b?$\"", "\"pattern\":\"[^a]|b\"",
            "\"format\":\"date-time\"",
        "\"required\":[\"a\",\"b\"]", "\"minProperties\":1", "\"uniqueItems\":true", "\"minItems\":1", "\"maxItems\":2",
        "\"enum\":[1,\"a\",{\"a\":[1.0]},null]", "\"const\":{\"a\":1}", "\"default\":{\"a\":{}}",
            "\"$ref\":\"#/definitions/d\"",
        "\"dependencies\":{\"a\":[\"b\"]}",
    ];

    private static readonly string[] s_applicators =
        ["not", "additionalProperties", "items", "contains", "propertyNames", "if", "then", "else", "additionalItems",
            "unevaluatedProperties"];

    [Fact]
    public async Task RandomSchemasAndValues_HaveOneVerdict()
    {
        var fuzzer = Fuzzer.FromEnvironment(share: ValuesPerSchema);
        int valid = 0, invalid = 0;
        await fuzzer.RunAsync(random =>
        {
            var json = new RandomJson(random);
            var text = $"{{\"definitions\":{{\"d\":{SchemaText(random, 1, false)}}},{SchemaText(random, 3, true)[1..]}";
            var schema = SchemaCompiler.Compile(Encoding.UTF8.GetBytes(text), OptionsOf(random)).Schema;
            for (var i = 0; i < ValuesPerSchema && schema is not null; i++)
            {
                _ = Verdict(schema, json.Value(), text) ? valid++ : invalid++;
            }
        });
        output.WriteLine($"{valid} valid, {invalid} invalid");
        if (fuzzer.IsWhole)
        {
            Math.Min(valid, invalid).ShouldBeGreaterThan(fuzzer.Cases * ValuesPerSchema / 10);
        }
    }

    [Fact]
    public async Task BrokenSchemas_AreRefusedOrCompiled()
    {
        var fuzzer = Fuzzer.FromEnvironment(share: 4);
        var refused = 0;
        await fuzzer.RunAsync(random =>
        {
            var text = new RandomJson(random).Mutate(SchemaText(random, 2, false));
            var compilation = SchemaCompiler.Compile(Encoding.UTF8.GetBytes(text), OptionsOf(random));
            (compilation.Schema is null).ShouldBe(compilation.Fault is not null, text);
            refused += compilation.Fault is not null ? 1 : 0;
        });
        output.WriteLine($"{refused} refused");
        if (fuzzer.IsWhole)
        {
            refused.ShouldBeGreaterThan(0);
        }
    }

    private static bool Verdict(CompiledSchema schema, string value, string text)
    {
        var node = TestTape.Parse(value);
        var errors = new List<SchemaError>();
        var defaults = new List<SchemaDefault>();
        var isValid = schema.Validate(node, errors, defaults);
        schema.Validate(node).ShouldBe(isValid, $"{text} {value}");
        (errors.Count == 0).ShouldBe(isValid, $"{text} {value}");
        if (defaults.Count > 0)
        {
            CompareCompleted(schema, TestJson.Splice(value, defaults), isValid, text);
        }

        return isValid;
    }

    /// <summary>
    /// A value completed by defaults has the same verdict, unless two subschemas have different defaults for one
    /// member.
    /// </summary>
    private static void CompareCompleted(CompiledSchema schema, string completed, bool isValid, string text)
    {
        var further = new List<SchemaDefault>();
        var isCompletedValid = schema.Validate(TestTape.Parse(completed), null, further);
        if (further.Count == 0)
        {
            isCompletedValid.ShouldBe(isValid, $"{text} {completed}");
        }
    }

    private static SchemaCompilerOptions OptionsOf(Random random) => new()
    {
        DefaultDialect = random.Next(4) == 0 ? SchemaDialect.Draft202012 : SchemaDialect.Draft7,
        Formats = (FormatRules)random.Next(3),
    };

    private static string SchemaText(Random random, int depth, bool isRoot)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = random.Next(4); i > 0; i--)
        {
            var keyword = s_keywords[random.Next(s_keywords.Length - (isRoot ? 0 : 1))];
            parts[keyword[..keyword.IndexOf(':', StringComparison.Ordinal)]] = keyword;
        }
        for (var i = random.Next(depth + 1); i > 0; i--)
        {
            var applicator = s_applicators[random.Next(s_applicators.Length)];
            parts[applicator] = $"\"{applicator}\":{Below()}";
            parts["properties"] = $"\"properties\":{{\"a\":{Below()},\"b\":{Below()}}}";
            parts["anyOf"] = $"\"anyOf\":[{Below()},{Below()}]";
        }
        parts["title"] = "\"title\":\"t\"";
        return $"{{{string.Join(',', parts.Values)}}}";

        string Below() => SchemaText(random, depth - 1, false);
    }
}
