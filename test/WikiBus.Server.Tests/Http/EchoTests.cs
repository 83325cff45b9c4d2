using WikiBus.Server.Http;

namespace WikiBus.Server.Tests.Http;

public sealed class EchoTests
{
    [Fact]
    public void AShortText_IsRepeatedWhole()
    {
        var text = new string('x', Echo.LengthMax);
        Echo.Of(text).ShouldBe(text);
    }

    [Fact]
    public void ALongText_IsCut_NeverWithinACharacter()
    {
        var text = new string('x', Echo.LengthMax - 1);
        Echo.Of(text + "yz").ShouldBe(text + "y…");
        Echo.Of(text + "😀").ShouldBe(text + "…");
    }

    [Theory]
    [InlineData("a\nb\r\tc", "a\ufffdb\ufffd\ufffdc")]
    [InlineData("\u001b[31m\u0085\u2028\u2029\u202e", "\ufffd[31m\ufffd\ufffd\ufffd\ufffd")]
    [InlineData("é 😀", "é 😀")]
    public void ATextForTheLogging_StaysOnOneLine(string text, string shown) => Echo.OnOneLine(text).ShouldBe(shown);
}
