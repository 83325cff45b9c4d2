using System.Text;
using WikiBus.Json.Tests;

namespace WikiBus.Schemas.Tests.Rules;

/// <summary>
/// Neither a schema nor a value can make the validator run or grow without end. The time limit ends a hang; each test
/// takes less than a tenth of it.
/// </summary>
public sealed class CostTests
{
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task DefaultsThatDoubleWithDepth_AreRefused()
    {
        var fault = await InTimeAsync(() => TestJson.FaultOf("""
            {"definitions":{"d":{"properties":{
              "a":{"$ref":"#/definitions/d"},"b":{"$ref":"#/definitions/d","default":{"a":{}}}}}},
             "properties":{"x":{"$ref":"#/definitions/d"}}}
            """));
        fault.ShouldContain("the default of \"b\" calls for further defaults");
    }

    [Fact]
    public async Task DefaultsForManyObjects_CostInProportion()
    {
        var schema = TestJson.Compile("""{"items":{"properties":{"a":{"default":1}}}}""");
        var value = Repeat("{}", 300_000);
        var defaults = new List<SchemaDefault>();
        (await InTimeAsync(() => schema.Validate(TestTape.Parse(value), null, defaults))).ShouldBeTrue();
        defaults.Count.ShouldBe(300_000);
    }

    [Fact]
    public async Task DefaultsThatGrowTheValueBeyondTheLimit_AreRefused()
    {
        var text = new string('x', 10_000);
        var schema = TestJson.Compile($$"""{"items":{"properties":{"a":{"default":"{{text}}"} } } }""");
        var errors = new List<SchemaError>();
        var isValid = await InTimeAsync(() => schema.Validate(TestTape.Parse(Repeat("{}", 300_000)), errors));
        isValid.ShouldBeFalse();
        errors.ShouldHaveSingleItem().Message.ShouldContain("defaults");
    }

    [Fact]
    public async Task ErrorsBelowALongName_AreLimitedTogether()
    {
        var schema = TestJson.Compile("""{"additionalProperties":{"items":{"type":"string"}}}""");
        var value = $$"""{"{{new string('n', 1_000_000)}}":{{Repeat("1", 100)}}}""";
        var errors = new List<SchemaError>();
        (await InTimeAsync(() => schema.Validate(TestTape.Parse(value), errors))).ShouldBeFalse();
        errors.Sum(error => error.DataPath.Length + error.Message.Length).ShouldBeInRange(1_000_000, 4_000_000);
    }

    [Fact]
    public async Task ManySlowMatches_AreGivenUpTogether()
    {
        // Each match keeps the limit of one match; the run has a limit for all.
        var schema = TestJson.Compile("""{"items":{"pattern":"^(?=a)(a+)+$","maxLength":40}}""");
        var value = Repeat($"\"{new string('a', 40)}b\"", 1).Replace("b", "", StringComparison.Ordinal);
        schema.IsValid(value).ShouldBeTrue("a match without backtracking costs nothing");
        var slow = Repeat($"\"{new string('a', 39)}b\"", 1);
        schema.IsValid(slow).ShouldBeFalse();
        var inverse = TestJson.Compile("""{"items":{"not":{"pattern":"^(?=a)(a+)+$","maxLength":40}}}""");
        var errors = new List<SchemaError>();
        var many = Repeat($"\"{new string('a', 39)}b\"", 10_000);
        (await InTimeAsync(() => inverse.Validate(TestTape.Parse(many), errors))).ShouldBeFalse();
        errors.ShouldHaveSingleItem().Keyword.ShouldBe("$depth");
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false,"properties":{"a":{"$ref":"#"} } }""")]
    [InlineData("""{"unevaluatedProperties":{"$ref":"#"},"anyOf":[{"properties":{"b":{"$ref":"#"} } },true]}""")]
    [InlineData("""{"$dynamicAnchor":"x","unevaluatedProperties":false,"properties":{"a":{"$dynamicRef":"#x"} } }""")]
    [InlineData("""{"allOf":[{"properties":{"a":{"$ref":"#"} } }],"unevaluatedProperties":{"$ref":"#"} }""")]
    [InlineData("""{"$dynamicAnchor":"x","unevaluatedProperties":false,"$dynamicRef":"#x"}""")]
    public async Task DeepValues_OfRecursiveSchemas_AreJudgedWithoutOverflow(string text)
    {
        var options = new SchemaCompilerOptions { DefaultDialect = SchemaDialect.Draft202012 };
        if (SchemaCompiler.Compile(Encoding.UTF8.GetBytes(text), options).Schema is not { } schema)
        {
            return;
        }

        foreach (var depth in new[] { 10, 511, 100_000 })
        {
            var value = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
            var errors = new List<SchemaError>();
            var isValid = await InTimeAsync(() => schema.Validate(TestTape.Parse(value), errors));
            isValid.ShouldBe(errors.Count == 0);
            if (depth == 100_000)
            {
                errors.ShouldHaveSingleItem().Keyword.ShouldBe("$depth");
            }
        }
    }

    private static async Task<T> InTimeAsync<T>(Func<T> work) => await Task.Run(work).WaitAsync(s_timeMax);

    private static string Repeat(string element, int count) =>
        $"[{string.Join(',', Enumerable.Repeat(element, count))}]";
}
