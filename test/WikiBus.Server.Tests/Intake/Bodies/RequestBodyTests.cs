using System.Text;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Tests.Intake.Bodies;

public sealed class RequestBodyTests
{
    private static readonly IntakeOptions s_options = new();

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""[{"a":1},2]""", """{"a":1}|2""")]
    [InlineData("""{"0":{"a":1},"2":{"b":2}}""", """{"a":1}|{"b":2}""")]
    [InlineData("""[{"1":{"a":1},"2":{"b":2}}]""", """{"a":1}|{"b":2}""")]
    [InlineData("""{"0":{"a":1},"x":{}}""", """{"0":{"a":1},"x":{}}""")]
    [InlineData("""{"0":1}""", """{"0":1}""")]
    [InlineData("""[{"0":{}},{"1":{}}]""", """{"0":{}}|{"1":{}}""")]
    [InlineData("[{}]", "{}")]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public void Body_HoldsTheseEvents(string text, string expected)
    {
        using var body = new RequestBody(new BytesInFlight(s_options));
        body.Text.Append(Encoding.UTF8.GetBytes(text));
        body.ReadEvents().ShouldBeNull();
        string.Join('|', body.Events.Select(static node => node.ToString())).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{", "(byte 1)")]
    [InlineData("1", "The body must be a JSON object or array.")]
    public void Text_WithoutEvents_IsAFault(string text, string message)
    {
        using var body = new RequestBody(new BytesInFlight(s_options));
        body.Text.Append(Encoding.UTF8.GetBytes(text));
        body.ReadEvents().ShouldNotBeNull().Message.ShouldContain(message);
    }

    [Fact]
    public void ClearedBody_HasReleasedItsBytesInFlight()
    {
        var bytesInFlight = new BytesInFlight(s_options);
        using var body = new RequestBody(bytesInFlight);
        var text = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", 20_000)) + "]");
        body.Text.TryMakeRoom(text.Length, text.Length).ShouldBeTrue();
        body.Text.Append(text);
        body.ReadEvents().ShouldBeNull();
        bytesInFlight.Bytes.ShouldBeGreaterThan(20 * text.Length);
        body.Clear();
        bytesInFlight.Bytes.ShouldBe(0);
        body.Events.ShouldBeEmpty();
    }
}
