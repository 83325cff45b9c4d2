using WikiBus.Server.Intake;

namespace WikiBus.Server.Tests.Intake;

public sealed class HastyFlagTests
{
    [Theory]
    [InlineData("?hasty=true", true)]
    [InlineData("?hasty=false", true)]
    [InlineData("?hasty=0", true)]
    [InlineData("?a=1&hasty=x", true)]
    [InlineData("?hasty=&hasty=", true)]
    [InlineData("?hasty[a]=", true)]
    [InlineData("?hasty%5Ba%5D=", true)]
    [InlineData("?[hasty]=1", true)]
    [InlineData("?hasty[]", true)]
    [InlineData("?hasty[a]b=", true)]
    [InlineData("?hasty[=1", false)]
    [InlineData("?hasty[a=1", false)]
    [InlineData("?hasty[[a]=1", false)]
    [InlineData("?hasty%5B=1", false)]
    [InlineData("?hasty=a]=b", false)]
    [InlineData("", false)]
    [InlineData("?", false)]
    [InlineData("?hasty", false)]
    [InlineData("?hasty=", false)]
    [InlineData("?HASTY=true", false)]
    [InlineData("?hastyx=true", false)]
    public void Query_IsReadAsEventGateReadsIt(string query, bool expected) =>
        HastyFlag.IsSet(query).ShouldBe(expected);

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void ParametersBeyondTheFrameworksLimit_AreIgnored(int before, bool expected) =>
        HastyFlag.IsSet("?" + string.Concat(Enumerable.Repeat("a&", before)) + "hasty=1").ShouldBe(expected);
}
