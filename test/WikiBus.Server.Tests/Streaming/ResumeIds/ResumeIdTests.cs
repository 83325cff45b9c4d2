using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Tests.Streaming.ResumeIds;

public sealed class ResumeIdTests
{
    [Fact]
    public void AnIdOfOurs_KeepsLogAndPosition()
    {
        var entry = Parse(
            """[{"topic":"s","partition":0,"offset":7,"timestamp":9,"log":"L","position":12}]""").Single();
        entry.ShouldBe(new ResumeEntry("s", 0, 7, 9, "L", 12));
    }

    [Fact]
    public void EveryShapeOfEventStreams_IsRead()
    {
        const string Id = """
            [{"offset":5,"partition":1,"topic":"eqiad.s"},{"topic":"codfw.s","partition":0,"timestamp":8.0},"t"]
            """;
        Parse(Id).ShouldBe(
        [
            new ResumeEntry("eqiad.s", 1, 5, null, null, null),
            new ResumeEntry("codfw.s", 0, null, 8, null, null),
            new ResumeEntry("t", 0, null, null, null, null),
        ]);
        Parse("\"a,b\"").Select(entry => entry.Topic).ShouldBe(["a", "b"]);
        Parse("""[{"topic":"s","partition":0,"offset":-2001,"x":{}}]""").Single().Offset.ShouldBe(-2001);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"\"{nope")]
    [InlineData("[{}],[{}]")]
    public void WhatIsNoJson_IsASyntaxError(string id)
    {
        ResumeId.TryParse(id, out _, out var fault).ShouldBeFalse();
        fault!.Name.ShouldBe("InvalidAssignmentError");
        fault.OriginalName.ShouldBe("SyntaxError");
        fault.Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[\"a\",1]")]
    [InlineData("[{\"topic\":\"s\",\"partition\":0,\"offset\":0},1]")]
    [InlineData("[{\"topic\":\"s\",\"partition\":0}]")]
    [InlineData("[{\"partition\":0,\"offset\":0}]")]
    [InlineData("[{\"topic\":5,\"partition\":0,\"offset\":0}]")]
    [InlineData("[{\"topic\":\"s\",\"partition\":\"0\",\"offset\":0}]")]
    [InlineData("[{\"topic\":\"s\",\"partition\":0.5,\"offset\":0}]")]
    [InlineData("[{\"topic\":\"s\",\"partition\":0,\"offset\":\"0\"}]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("""[{"topic":"s\n\ndata: x","partition":0,"log":"L","position":1}]""")]
    [InlineData("""[{"topic":"s\"","partition":0,"offset":0,"log":"L","position":1}]""")]
    [InlineData("""[{"topic":"é","partition":0,"log":"L","position":1}]""")]
    public void AnotherShape_IsAnAssignmentError(string id)
    {
        ResumeId.TryParse(id, out _, out var fault).ShouldBeFalse();
        fault!.Name.ShouldBe("InvalidAssignmentError");
        fault.OriginalName.ShouldBe("Error");
    }

    private static IReadOnlyList<ResumeEntry> Parse(string id)
    {
        ResumeId.TryParse(id, out var entries, out var fault).ShouldBeTrue(fault?.Message);
        return entries!;
    }
}
