using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Tests.Commands;

public sealed class BackOffTests
{
    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 30)]
    [InlineData(1000, 30)]
    public void ADelay_DoublesUpToTheLimit(int doublings, int expectedSeconds) =>
        _backOff.Delay(doublings).ShouldBe(TimeSpan.FromSeconds(expectedSeconds));

    [Theory]
    [InlineData(3, 4)]
    [InlineData(7, 7)]
    [InlineData(99, 30)]
    public void ALongerDelayThatTheServerAsksFor_CountsUpToTheLimit(int askedSeconds, int expectedSeconds) =>
        _backOff.Delay(2, TimeSpan.FromSeconds(askedSeconds)).ShouldBe(TimeSpan.FromSeconds(expectedSeconds));
}
