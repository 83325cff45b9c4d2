using System.Globalization;
using System.Text;
using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas.Tests.Yaml;

public sealed class YamlConverterTests
{
    [Theory]
    [InlineData("", "null")]
    [InlineData("# nothing", "null")]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a:\nb: ~", """{"a":null,"b":null}""")]
    [InlineData("[true, True, TRUE, false, yes, on]", """[true,true,true,false,"yes","on"]""")]
    [InlineData("[0, -0, +12, 007, 12345678901234567890123]", "[0,-0,12,7,12345678901234567890123]")]
    [InlineData("[0x1F, 0o17, 0b11, 1_000]", """[31,15,"0b11","1_000"]""")]
    [InlineData("[.5, -.5, 1., 1.50, 00.5, 1e3, +1.5E-7, 0.1000000000000000055]",
        "[0.5,-0.5,1,1.50,0.5,1e3,1.5E-7,0.1000000000000000055]")]
    [InlineData("['1', \"true\", !!str 1, ! 2, '']", """["1","true","1","2",""]""")]
    [InlineData("[!!int '3', !!float 4, !!null '', !!bool 'true']", "[3,4,null,true]")]
    [InlineData("dt: 2020-07-01T00:00:00Z", """{"dt":"2020-07-01T00:00:00Z"}""")]
    [InlineData("1: a\nnull: b\n1.0: c", """{"1":"a","null":"b","1.0":"c"}""")]
    [InlineData("a: &x {b: [1]}\nc: *x\nd: [*x, *x]", """{"a":{"b":[1]},"c":{"b":[1]},"d":[{"b":[1]},{"b":[1]}]}""")]
    [InlineData("[&x 1, *x, &x 2, *x]", "[1,1,2,2]")]
    [InlineData("a: >\n  one\n  two\nb: |\n  x\n   y", """{"a":"one two\n","b":"x\n y"}""")]
    [InlineData("---\na: \"\\u00e9\\t\"\n...", """{"a":"é\t"}""")]
    public void Yaml_BecomesJson(string yaml, string json)
    {
        YamlConverter.TryConvert(yaml, out var converted, out var fault).ShouldBeTrue(fault);
        Encoding.UTF8.GetString(converted.Span).ShouldBe(json);
    }

    [Theory]
    [InlineData("a: .inf", "line 1, column 4", "JSON has no number")]
    [InlineData("a: .NaN", "line 1, column 4", "JSON has no number")]
    [InlineData("a: 1\na: 2", "line 2, column 1", "stands twice")]
    [InlineData("a: [1", "line 2, column 1", "")]
    [InlineData("a: b: c", "line 1", "")]
    [InlineData("a: *x", "line 1, column 4", "no anchor")]
    [InlineData("a: &x [*x]", "line 1", "nested more than")]
    [InlineData("<<: {a: 1}", "line 1, column 1", "merge keys")]
    [InlineData("? [a]\n: 1", "line 1, column 3", "must be a scalar")]
    [InlineData("a: 1\n---\nb: 2", "line 2, column 1", "more than one document")]
    [InlineData("a: !!timestamp 2020-01-01", "line 1, column 4", "tag")]
    [InlineData("a: !!int x", "line 1, column 4", "is no int")]
    [InlineData("!!omap [a: 1]", "line 1, column 1", "tag")]
    public void YamlThatHasNoJsonForm_IsRefusedWithItsPlace(string yaml, string place, string reason)
    {
        YamlConverter.TryConvert(yaml, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain(place);
        fault!.ShouldContain(reason);
    }

    [Fact]
    public void AliasesThatMultiply_AreRefused()
    {
        var bomb = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
        for (var level = 1; level < 12; level++)
        {
            var aliases = string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10));
            bomb.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [{aliases}]\n");
        }
        YamlConverter.TryConvert(bomb.ToString(), out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain("aliases written out");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void DeepNesting_IsRefused(string level)
    {
        YamlConverter.TryConvert(string.Concat(Enumerable.Repeat(level, 100_000)), out _, out var fault)
            .ShouldBeFalse();
        fault!.ShouldContain("nested more than 100 deep");
    }
}
