using WikiBus.Server.Access.Rights;

namespace WikiBus.Server.Tests.Access.Rights;

public sealed class StreamPatternTests
{
    [Theory]
    [InlineData("a.b", "a.b", true)]
    [InlineData("a.b", "a.bc", false)]
    [InlineData("a.b", "A.b", false)]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a.", true)]
    [InlineData("a.*", "ab", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*-create", "page-create", true)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("ab*ba", "abba", true)]
    [InlineData("a*b*c", "aXbXbc", true)]
    [InlineData("a*bb*c", "abXbc", false)]
    [InlineData("a**c", "abc", true)]
    [InlineData("*x*", "abc", false)]
    public void Pattern_Matches_WhatStarsStandFor(string pattern, string stream, bool matches)
    {
        StreamPattern.IsValid(pattern).ShouldBeTrue();
        new StreamPattern(pattern).Matches(stream).ShouldBe(matches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("/a/")]
    [InlineData("ä")]
    public void Pattern_WithOtherCharacters_IsNone(string pattern) => StreamPattern.IsValid(pattern).ShouldBeFalse();

    [Fact]
    public void ManyStars_AreNoTrouble()
    {
        var pattern = new StreamPattern(string.Concat(Enumerable.Repeat("*a", 100)));
        pattern.Matches(new string('a', 199) + "b").ShouldBeFalse();
    }
}
