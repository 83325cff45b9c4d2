using WikiBus.Json.Tests;

namespace WikiBus.Schemas.Tests.Compiling;

public sealed class CompiledSchemaTests
{
    [Theory]
    [InlineData("{\"const\":1}", "1.0", true)]
    [InlineData("{\"enum\":[100]}", "1e2", true)]
    [InlineData("{\"const\":12345678901234567890}", "12345678901234567891", false)]
    [InlineData("{\"multipleOf\":0.1}", "0.3", true)]
    [InlineData("{\"multipleOf\":0.01}", "1e400", true)]
    [InlineData("{\"multipleOf\":3}", "1e-400", false)]
    [InlineData("{\"type\":\"integer\"}", "1.50e1", true)]
    [InlineData("{\"maximum\":18446744073709551615}", "18446744073709551616", false)]
    [InlineData("{\"maximum\":1}", "1e-999999999999999999999", true)]
    [InlineData("{\"const\":{\"a\":1,\"b\":[2]}}", "{\"b\":[2.0],\"\\u0061\":1}", true)]
    [InlineData("{\"maxLength\":1}", "\"\\ud83d\\ude00\"", true)]
    [InlineData("{\"maxLength\":1}", "\"😀é\"", false)]
    [InlineData("{\"required\":[\"a\"]}", "{\"\\u0061\":1}", true)]
    [InlineData("{\"properties\":{\"\\u0061\":{\"type\":\"null\"}}}", "{\"a\":1}", false)]
    [InlineData("{\"additionalProperties\":false,\"patternProperties\":{\"^\\\\d+$\":{}}}", "{\"12\":1}", true)]
    [InlineData("{\"additionalProperties\":false,\"required\":[\"a\"]}", "{\"a\":1}", false)]
    public void Values_AreComparedByWhatTheyMean(string schema, string value, bool isValid) =>
        TestJson.Compile(schema).IsValid(value).ShouldBe(isValid);

    [Fact]
    public void RequiredMembersBeyondSixtyFour_AreChecked()
    {
        var names = Enumerable.Range(0, 70).Select(i => $"\"n{i}\"").ToList();
        var schema = TestJson.Compile($"{{\"required\":[{string.Join(',', names)}]}}");
        var members = names.Select(name => $"{name}:1").ToList();
        schema.IsValid($"{{{string.Join(',', members)}}}").ShouldBeTrue();
        schema.IsValid($"{{{string.Join(',', members.SkipLast(1))}}}").ShouldBeFalse();
        schema.IsValid($"{{{string.Join(',', members.Skip(1))}}}").ShouldBeFalse();
    }

    [Fact]
    public void LongArrays_AreComparedByHash()
    {
        var schema = TestJson.Compile("{\"uniqueItems\":true}");
        var items = Enumerable.Range(0, 20_000).Select(i => $"{{\"a\":{i}}}").ToList();
        schema.IsValid($"[{string.Join(',', items)}]").ShouldBeTrue();
        items.Add("{\"a\":7.0}");
        var errors = new List<SchemaError>();
        schema.Validate(TestTape.Parse($"[{string.Join(',', items)}]"), errors).ShouldBeFalse();
        errors[0].ParamsJson.ShouldBe("{\"i\":20000,\"j\":7}");
    }

    [Theory]
    [InlineData("{\"additionalProperties\":{\"$ref\":\"#\"},\"items\":{\"$ref\":\"#\"}}")]
    [InlineData("{\"not\":{\"items\":{\"$ref\":\"#\"}}}")]
    [InlineData("{\"items\":{\"$ref\":\"#\"},\"properties\":{\"d\":{\"default\":1}}}")]
    [InlineData("{\"const\":[[]]}")]
    [InlineData("{\"items\":{\"uniqueItems\":true}}")]
    public void ValueNestedTooDeep_IsInvalidWithoutACrash(string schema)
    {
        const int depth = 100_000;
        var value = TestTape.Parse($"[{new string('[', depth)}{new string(']', depth)},1]");
        var errors = new List<SchemaError>();
        var isValid = TestJson.Compile(schema).Validate(value, errors);
        (errors.Count == 0).ShouldBe(isValid);
    }

    [Fact]
    public void SchemaWhoseCostMultiplies_IsGivenUp()
    {
        var schema = TestJson.Compile("""{"properties":{"a":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}}""");
        var value = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        var errors = new List<SchemaError>();
        schema.Validate(TestTape.Parse(value), errors).ShouldBeFalse();
        errors.ShouldHaveSingleItem().Keyword.ShouldBe("$depth");
    }

    [Fact]
    public void ErrorCount_IsLimited()
    {
        var schema = TestJson.Compile("{\"items\":{\"type\":\"null\"}}");
        var errors = new List<SchemaError>();
        schema.Validate(TestTape.Parse($"[{string.Join(',', Enumerable.Repeat("1", 1000))}]"), errors, null,
            7).ShouldBeFalse();
        errors.Count.ShouldBe(7);
    }

    [Fact]
    public void DefaultsOfOneValueInABatch_PointIntoTheBatch()
    {
        var schema = TestJson.Compile("{\"properties\":{\"a\":{\"default\":1},\"b\":{\"default\":\"x\"}}}");
        const string batch = "[{\"a\":0}, {} ,{\"c\":{}}]";
        var events = TestTape.Parse(batch).GetEnumerator();
        var defaults = new List<SchemaDefault>();
        while (events.MoveNext())
        {
            schema.Validate(events.Current, null, defaults).ShouldBeTrue();
        }

        TestJson.Splice(batch,
            defaults).ShouldBe("[{\"a\":0,\"b\":\"x\"}, {\"a\":1,\"b\":\"x\"} ,{\"c\":{},\"a\":1,\"b\":\"x\"}]");
    }

    [Fact]
    public void ValidValue_AllocatesNothing()
    {
        var schema = TestJson.Compile("""
            {"type":"object","required":["id"],"additionalProperties":false,"properties":{
              "id":{"type":"string","pattern":"^[a-f0-9]{8}(-[a-f0-9]{4})+$","maxLength":36},
              "dt":{"format":"date-time"},"n":{"type":"integer","minimum":1},
              "list":{"type":"array","items":{"enum":["a","b"]}},"u":{"anyOf":[{"type":"null"},{"minLength":1}]}}}
            """);
        var value = TestTape.Parse("""
            {"id":"0123abcd-0123","dt":"2020-01-02T03:04:05Z","n":5,"list":["a","b"],"u":"\u0061"}
            """);
        schema.Validate(value).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isValid = schema.Validate(value);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        isValid.ShouldBeTrue();
    }
}
