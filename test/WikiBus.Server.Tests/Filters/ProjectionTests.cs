using System.Buffers;
using System.Text;
using WikiBus.Json;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Tests.Filters;

public sealed class ProjectionTests
{
    private const string Event =
        """{"$schema":"/a","meta":{"id":"1","dt":"x"},"b":1,"a":{"x":[1, 2],"y":2},"list":[{"n":1,"m":2},3],"A":0}""";

    [Theory]
    [InlineData("a,b", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"b":1,"a":{"x":[1, 2],"y":2}}""")]
    [InlineData("b", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"b":1}""")]
    [InlineData("missing", """{"$schema":"/a","meta":{"id":"1","dt":"x"}}""")]
    [InlineData("a.y", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"a":{"y":2}}""")]
    [InlineData("a.y,a", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"a":{"x":[1, 2],"y":2}}""")]
    [InlineData(" a . y, b ", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"b":1,"a":{"y":2}}""")]
    [InlineData("list.n", """{"$schema":"/a","meta":{"id":"1","dt":"x"},"list":[{"n":1},3]}""")]
    [InlineData("meta.id", """{"$schema":"/a","meta":{"id":"1","dt":"x"}}""")]
    public void Fields_StayInTheOrderOfTheEvent(string fields, string expected)
    {
        Projection.TryParse(fields, out var projection, out _).ShouldBeTrue();
        Write(projection!).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a,,b")]
    [InlineData("a.")]
    public void AnEmptyName_IsExplained(string fields)
    {
        Projection.TryParse(fields, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain("names joined by '.'");
    }

    [Fact]
    public void TooManyFields_AreRefused()
    {
        var fields = string.Join(',', Enumerable.Range(0, Projection.CountMax + 1));
        Projection.TryParse(fields, out _, out var fault).ShouldBeFalse();
        fault!.ShouldContain("64");
    }

    private static string Write(Projection projection)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(Event), out _).ShouldBeTrue();
        var output = new ArrayBufferWriter<byte>();
        projection.Write(tape.Root, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
