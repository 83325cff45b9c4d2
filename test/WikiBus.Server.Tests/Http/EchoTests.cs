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
}
