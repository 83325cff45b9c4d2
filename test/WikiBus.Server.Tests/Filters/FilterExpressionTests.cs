using System.Text;
using WikiBus.Json;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Tests.Filters;

public sealed class FilterExpressionTests
{
    private const string Event =
        """
        {"$schema":"/a/1.0.0","meta":{"domain":"en.example","stream":"s"},"wiki":"enwiki","page_id":9007199254740993,
        "size":10.5,"bot":false,"none":null,"tags":["mw-undo","Visual"],"users":[{"name":"Ärger"},{"name":"B"}],
        "empty":[],"o":{}}
        """;

    [Theory]
    [InlineData("wiki=enwiki", true)]
    [InlineData("wiki=ENWIKI", false)]
    [InlineData("wiki!=dewiki", true)]
    [InlineData("wiki!=enwiki", false)]
    [InlineData("meta.domain=en.example", true)]
    [InlineData("$schema~/A/", true)]
    [InlineData("page_id=9007199254740993", true)]
    [InlineData("page_id=9007199254740992", false)]
    [InlineData("page_id>9007199254740992", true)]
    [InlineData("size>10", true)]
    [InlineData("size<10.5", false)]
    [InlineData("size=1.05e1", true)]
    [InlineData("size~0.5", true)]
    [InlineData("wiki>dewiki", true)]
    [InlineData("wiki<dewiki", false)]
    [InlineData("bot=false", true)]
    [InlineData("none=null", true)]
    [InlineData("tags=Visual", true)]
    [InlineData("tags~UNDO", true)]
    [InlineData("tags!=Visual", false)]
    [InlineData("users.name~äRG", true)]
    [InlineData("users.name=B", true)]
    [InlineData("users.name!=C", true)]
    [InlineData("missing=1", false)]
    [InlineData("missing!=1", true)]
    [InlineData("missing<1", false)]
    [InlineData("missing~", false)]
    [InlineData("wiki~", true)]
    [InlineData("empty!=x", true)]
    [InlineData("empty=x", false)]
    [InlineData("o=x", false)]
    [InlineData("o!=x", true)]
    [InlineData("wiki.deeper!=x", true)]
    [InlineData("wiki=en=wiki", false)]
    public void AFilter_IsJudgedByPathOperatorAndValue(string text, bool expected)
    {
        FilterExpression.TryParse(text, out var filter, out var fault).ShouldBeTrue(fault);
        filter!.Matches(Parse(Event)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a!b=c", "a!b", "c")]
    [InlineData("a=b!=c", "a", "b!=c")]
    public void TheFirstOperator_Counts(string text, string member, string value)
    {
        FilterExpression.TryParse(text, out var filter, out _).ShouldBeTrue();
        filter!.Matches(Parse($$"""{"{{member}}":"{{value}}"}""")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "no operator")]
    [InlineData("wiki", "no operator")]
    [InlineData("=x", "empty name")]
    [InlineData("a..b=x", "empty name")]
    [InlineData(".a=x", "empty name")]
    public void ABadFilter_IsExplained(string text, string part)
    {
        FilterExpression.TryParse(text, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain(part);
    }

    [Fact]
    public void AFilterOverTheLimits_IsRefused()
    {
        var value = new string('x', FilterExpression.LengthMax);
        FilterExpression.TryParse("a=" + value, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain("1024");
        var path = string.Join('.', Enumerable.Repeat("a", FilterExpression.PathLengthMax + 1));
        FilterExpression.TryParse(path + "=1", out _, out fault).ShouldBeFalse();
        fault!.ShouldContain("32");
    }

    private static JsonTapeValue Parse(string json)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(json), out var fault).ShouldBeTrue(fault.Message);
        return tape.Root;
    }
}
