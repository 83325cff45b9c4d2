using WikiBus.Server.Dream.Authorization;

namespace WikiBus.Server.Tests.Dream.Authorization;

public sealed class WikiIdTests
{
    [Theory]
    [InlineData("default", true)]
    [InlineData("a-B_9.example", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\r\nX-Evil: 1", false)]
    [InlineData("a\n", false)]
    [InlineData("a,id=b", false)]
    [InlineData("größe", false)]
    public void Id_HasLettersAndDigits(string? id, bool isValid) => WikiId.IsValid(id).ShouldBe(isValid);

    [Fact]
    public void Id_HasALimit()
    {
        WikiId.IsValid(new string('a', WikiId.LengthMax)).ShouldBeTrue();
        WikiId.IsValid(new string('a', WikiId.LengthMax + 1)).ShouldBeFalse();
    }
}
