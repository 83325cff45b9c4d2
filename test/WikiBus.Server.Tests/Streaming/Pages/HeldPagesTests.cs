using System.Net;
using WikiBus.Server.Streaming.Pages;

namespace WikiBus.Server.Tests.Streaming.Pages;

public sealed class HeldPagesTests
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_other = IPAddress.Parse("192.0.2.2");

    private readonly HeldPages _held = new(bytesMax: 400);

    [Fact]
    public void OneNetwork_HoldsAQuarterOfTheLimit_AndOthersHaveTheRest()
    {
        _held.TryHold(s_one, 60, before: 0).ShouldBeTrue();
        _held.TryHold(s_one, 40, before: 0).ShouldBeTrue();
        _held.TryHold(s_one, 1, before: 0).ShouldBeFalse();
        _held.TryHold(s_other, 100, before: 0).ShouldBeTrue();
        _held.Bytes.ShouldBe(200);

        _held.Release(s_one, 60);
        _held.TryHold(s_one, 61, before: 0).ShouldBeFalse();
        _held.TryHold(s_one, 60, before: 0).ShouldBeTrue();
        _held.Bytes.ShouldBe(200);
    }

    [Fact]
    public void AllNetworks_HaveOneLimit()
    {
        for (var number = 1; number <= 4; number++)
        {
            _held.TryHold(IPAddress.Parse($"192.0.2.{number}"), 99, before: 0).ShouldBeTrue();
        }

        _held.TryHold(IPAddress.Parse("192.0.2.5"), 5, before: 0).ShouldBeFalse();
        _held.TryHold(IPAddress.Parse("192.0.2.5"), 4, before: 0).ShouldBeTrue();
    }

    [Fact]
    public void OnePage_IsAllowedHoweverLarge()
    {
        _held.TryHold(s_one, 1000, before: 0).ShouldBeTrue();
        _held.TryHold(s_one, 1, before: 0).ShouldBeFalse();
        _held.Release(s_one, 1000);
        _held.Bytes.ShouldBe(0);
    }

    [Fact]
    public void APageOfAnotherSizeThanExpected_TakesThePlaceOfWhatWasKeptForIt()
    {
        _held.TryHold(s_one, 90, before: 0).ShouldBeTrue();
        _held.TryHold(s_one, 100, before: 90).ShouldBeTrue();
        _held.Bytes.ShouldBe(100);
        _held.TryHold(s_other, 50, before: 0).ShouldBeTrue();
        _held.TryHold(s_other, 120, before: 50).ShouldBeTrue();
        _held.Bytes.ShouldBe(220);
    }
}
