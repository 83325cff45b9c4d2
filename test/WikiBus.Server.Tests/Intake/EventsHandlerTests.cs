using System.Text;
using WikiBus.Json;
using WikiBus.Server.Intake;

namespace WikiBus.Server.Tests.Intake;

public sealed class EventsHandlerTests
{
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
    public void Body_HoldsTheseEvents(string body, string expected)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(body), out _).ShouldBeTrue();
        var events = new List<JsonTapeValue>();
        EventsHandler.ListEvents(tape.Root, events);
        string.Join('|', events.Select(static node => node.ToString())).ShouldBe(expected);
    }
}
