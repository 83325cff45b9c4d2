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
    [InlineData("", false)]
    [InlineData("?", false)]
    [InlineData("?hasty", false)]
    [InlineData("?hasty=", false)]
    [InlineData("?HASTY=true", false)]
    [InlineData("?hastyx=true", false)]
    public void Query_IsReadAsEventGateReadsIt(string query, bool expected) =>
        HastyFlag.IsSet(query).ShouldBe(expected);
}
