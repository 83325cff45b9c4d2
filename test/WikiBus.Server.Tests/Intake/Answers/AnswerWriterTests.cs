using System.Buffers;
using System.Text.Json;
using System.Text;
using WikiBus.Schemas;
using WikiBus.Server.Intake.Answers;
using WikiBus.Server.Intake.Judging;

namespace WikiBus.Server.Tests.Intake.Answers;

public sealed class AnswerWriterTests
{
    [Fact]
    public void AllInvalid_ListsNoErrors()
    {
        var body = Body(EventVerdict.Violate(
            "{\"a\":1}"u8.ToArray(),
            [new SchemaError("type", ".a", "#/p", "{\"type\":\"string\"}", "should be string")]));
        body.ShouldBe(
            """{"invalid":[{"status":"invalid","event":{"a":1},"context":{"errors":[{"keyword":"type","dataPath":""" +
            """ ".a","schemaPath":"#/p","params":{"type":"string"},"message":"should be string"}],""".TrimStart() +
            """ "errorsText":"'.a' should be string"}}]}""".TrimStart());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public void ItemThatIsNotAnObject_IsWrapped(string item) =>
        Body(EventVerdict.Refuse(Encoding.UTF8.GetBytes(item), "m"))
            .ShouldBe("{\"invalid\":[],\"error\":[{\"status\":\"error\",\"event\":{\"value\":" + item +
                "},\"context\":{\"message\":\"m\"}}]}");

    [Fact]
    public void EventThatIsNestedTooDeepForPhp_IsNotRepeated()
    {
        var deep = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 600) + new string(']', 600) + "}");
        using var body = JsonDocument.Parse(Body(EventVerdict.Refuse(deep, "m")));
        body.RootElement.GetProperty("error")[0].GetProperty("event").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public void FaultOfTheWholeBody_HasTheSameForm()
    {
        var output = new ArrayBufferWriter<byte>();
        AnswerWriter.WriteFault("no \"JSON\"", output);
        Encoding.UTF8.GetString(output.WrittenSpan)
            .ShouldBe("""{"error":[{"status":"error","event":{},"context":{"message":"no \"JSON\""}}]}""");
    }

    private static string Body(EventVerdict verdict)
    {
        var verdicts = new EventVerdicts();
        verdicts.Add(verdict);
        var output = new ArrayBufferWriter<byte>();
        AnswerWriter.WriteVerdicts(verdicts, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
