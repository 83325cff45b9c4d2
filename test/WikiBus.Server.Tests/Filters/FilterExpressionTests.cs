using System.Buffers;
using System.Text;
using WikiBus.Json;
using WikiBus.Server.Filters;
using WikiBus.Server.Intake.Settings;

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
    [InlineData("size>=10.5", true)]
    [InlineData("size>=10.6", false)]
    [InlineData("size<=10.5", true)]
    [InlineData("size<=10.4", false)]
    [InlineData("missing>=1", false)]
    [InlineData("missing<=1", false)]
    [InlineData("page_id>=9007199254740993", true)]
    [InlineData("page_id<=9007199254740992", false)]
    [InlineData("wiki>=enwiki", true)]
    [InlineData("wiki<=dewiki", false)]
    [InlineData("bot==false", true)]
    [InlineData("bot==true", false)]
    [InlineData("bot = false", true)]
    [InlineData(" size\t>=  10 ", true)]
    [InlineData("wiki != enwiki", false)]
    [InlineData("meta . domain = en.example", true)]
    [InlineData("wiki=\"enwiki\"", true)]
    [InlineData("wiki = \"enwiki\" ", true)]
    [InlineData("wiki=\"en\\u0077iki\"", true)]
    [InlineData("wiki=\" enwiki\"", false)]
    [InlineData("wiki~\"NWIK\"", true)]
    [InlineData("page_id=\"9007199254740993\"", true)]
    [InlineData("size>=\"10\"", true)]
    [InlineData("bot=\"false\"", true)]
    [InlineData("missing=", false)]
    [InlineData("wiki!=", true)]
    [InlineData("wiki!=!x", true)]
    public void AFilter_IsJudgedByPathOperatorAndValue(string text, bool expected)
    {
        FilterExpression.TryParse(text, out var filter, out var fault).ShouldBeTrue(fault);
        filter!.Matches(Parse(Event)).ShouldBe(expected);
    }

    [Fact]
    public void DeepestEvent_FitsASmallStack()
    {
        var depth = IntakeOptions.NestingLimit;
        var text = $$"""{"a":{{new string('[', depth)}}1{{new string(']', depth)}}}""";
        var matches = false;
        var output = new ArrayBufferWriter<byte>();
        var small = new Thread(
            () =>
            {
                FilterExpression.TryParse("a=1", out var filter, out _);
                Projection.TryParse("a.b", out var projection, out _);
                matches = filter!.Matches(Parse(text));
                projection!.Write(Parse(text), output);
            },
            maxStackSize: 1 << 20);

        small.Start();

        small.Join(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        matches.ShouldBeTrue();
        output.WrittenCount.ShouldBeGreaterThan(2 * depth);
    }

    [Theory]
    [InlineData("a!b=c", "a!b", "c")]
    [InlineData("a=b!=c", "a", "b!=c")]
    [InlineData("a=!b", "a", "!b")]
    [InlineData("a=x y  z", "a", "x y  z")]
    [InlineData("a=x\"y\"", "a", "x\\\"y\\\"")]
    [InlineData("a='Allo", "a", "'Allo")]
    [InlineData("a=\" =x \"", "a", " =x ")]
    [InlineData("a=\"'x'\"", "a", "'x'")]
    [InlineData("a=\"“x”\"", "a", "“x”")]
    [InlineData("a=’Allo", "a", "’Allo")]
    [InlineData("a=\"\u00a0x\"", "a", "\u00a0x")]
    [InlineData("a=x\u00a0y", "a", "x\u00a0y")]
    [InlineData("a=\"\\\"\"", "a", "\\\"")]
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
    [InlineData(" = x", "empty name")]
    [InlineData("a. =x", "empty name")]
    [InlineData("a=>5", "begins with an operator")]
    [InlineData("a=<5", "begins with an operator")]
    [InlineData("a=~x", "begins with an operator")]
    [InlineData("a===x", "begins with an operator")]
    [InlineData("a!==x", "begins with an operator")]
    [InlineData("a<>x", "begins with an operator")]
    [InlineData("a=!=x", "begins with an operator")]
    [InlineData("a!~x", "ends with '!'")]
    [InlineData("a! = x", "ends with '!'")]
    [InlineData("a<", "no value")]
    [InlineData("a>= ", "no value")]
    [InlineData("a<\"\"", "no value")]
    [InlineData("a=\"x", "quotes")]
    [InlineData("a=\"x\"y", "quotes")]
    [InlineData("a=\"\\x\"", "quotes")]
    [InlineData("a=\"", "quotes")]
    [InlineData("a='x'", "double quotes")]
    [InlineData("\"a\"=x", "is not a name")]
    [InlineData("a[0]=x", "is not a name")]
    [InlineData("$.a=x", "is not a name")]
    [InlineData("bot:false", "no operator")]
    [InlineData("a=“x”", "typographic quotes")]
    [InlineData("a = „x“", "typographic quotes")]
    [InlineData("a=‘x’", "typographic quotes")]
    [InlineData("a=«x»", "typographic quotes")]
    [InlineData("“a”=x", "is not a name")]
    [InlineData("a=\u00a0x", "no-break space")]
    [InlineData("a=x\u202f", "no-break space")]
    [InlineData("a\u00a0=x", "is not a name")]
    public void ABadFilter_IsExplained(string text, string part)
    {
        FilterExpression.TryParse(text, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain(part);
        fault.ShouldContain("PATH OP VALUE is allowed");
        fault.ShouldContain(">=");
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
