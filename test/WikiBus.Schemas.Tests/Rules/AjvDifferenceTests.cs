namespace WikiBus.Schemas.Tests.Rules;

/// <summary>
/// Where validation differs from ajv 6.12.6 on purpose: each row of the table in <c>docs/compatibility.md</c>.
/// </summary>
public sealed class AjvDifferenceTests
{
    [Theory]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "8.69", true)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "143.48", true)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "1.11", true)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "19.99", true)]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "19.999", false)]
    [InlineData("""{"multipleOf":1}""", "1e21", true)]
    [InlineData("""{"multipleOf":1}""", "1e308", true)]
    [InlineData("""{"multipleOf":1}""", "1e400", true)]
    [InlineData("""{"type":"integer"}""", "1.0000000000000000001", false)]
    [InlineData("""{"type":"integer","maximum":9223372036854775807}""", "9223372036854775808", false)]
    [InlineData("""{"exclusiveMaximum":10}""", "9.9999999999999999", true)]
    [InlineData("""{"const":1}""", "1.00000000000000000001", false)]
    [InlineData("""{"const":1}""", "1.0", true)]
    [InlineData("""{"uniqueItems":true}""", "[9007199254740993,9007199254740992]", true)]
    public void Numbers_AreComparedExactly(string schema, string value, bool isValid) =>
        TestJson.Compile(schema).IsValid(value).ShouldBe(isValid);

    [Fact]
    public void MembersOfEveryObjectOfJavaScript_AreNoMembersOfTheEvent() =>
        TestJson.Compile("""{"required":["toString"]}""").IsValid("{}").ShouldBeFalse();

    [Theory]
    [InlineData("^.$", "\"😀\"", true)]
    [InlineData("^..$", "\"😀\"", false)]
    [InlineData("^[^a]$", "\"😀\"", true)]
    [InlineData("^\\\\W$", "\"😀\"", true)]
    [InlineData("^\\\\D$", "\"😀\"", true)]
    [InlineData("^\\\\p{L}+$", "\"é\"", true)]
    [InlineData("^\\\\u{e9}$", "\"é\"", true)]
    public void Patterns_CountCharacters_AndKnowUnicode(string pattern, string value, bool isValid) =>
        TestJson.Compile($$"""{"pattern":"{{pattern}}"}""").IsValid(value).ShouldBe(isValid);

    [Theory]
    [InlineData("^\\\\p{Nonsense}$", "should match format \"regex\"")]
    [InlineData("(?=a)", "maxLength")]
    public void PatternThatIsUnknownOrMayBacktrack_IsAFaultOfTheSchema(string pattern, string fault) =>
        TestJson.FaultOf($$"""{"pattern":"{{pattern}}"}""").ShouldContain(fault);
}
