using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

public sealed class SetKeysTests
{
    [Theory]
    [InlineData("loc1", true)]
    [InlineData("A-b_c.d~e", true)]
    [InlineData("...", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a b", false)]
    [InlineData("../evil", false)]
    [InlineData("a/b", false)]
    [InlineData("a%2fb", false)]
    [InlineData("a?b", false)]
    [InlineData("a:b", false)]
    [InlineData("\u00fc", false)]
    public void Key_IsOneSegmentOfAUri(string key, bool isValid) => SetKeys.IsValid(key).ShouldBe(isValid);

    [Fact]
    public void LongKey_IsRefused()
    {
        SetKeys.IsValid(new string('a', 64)).ShouldBeTrue();
        SetKeys.IsValid(new string('a', 65)).ShouldBeFalse();
    }

    [Fact]
    public void MadeKeys_AreValidAndDiffer()
    {
        SetKeys.MakeLocation().Length.ShouldBe(8);
        SetKeys.MakeAccessKey().Length.ShouldBe(24);
        SetKeys.IsValid(SetKeys.MakeAccessKey()).ShouldBeTrue();
        SetKeys.MakeAccessKey().ShouldNotBe(SetKeys.MakeAccessKey());
    }
}
