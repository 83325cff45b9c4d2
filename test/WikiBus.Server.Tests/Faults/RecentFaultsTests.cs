using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Faults;

namespace WikiBus.Server.Tests.Faults;

public sealed class RecentFaultsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void EachFault_IsNewOnceInAWindow()
    {
        var faults = new RecentFaults(_time);
        faults.IsNew("here").ShouldBeTrue();
        faults.IsNew("there").ShouldBeTrue();
        faults.IsNew("here").ShouldBeFalse();

        _time.Advance(RecentFaults.Window);
        faults.IsNew("here").ShouldBeTrue();
        faults.IsNew("here").ShouldBeFalse();
    }

    [Fact]
    public void MoreFaultsThanTheLimit_AreNewInTheNextWindow()
    {
        var faults = new RecentFaults(_time);
        for (var number = 0; number < RecentFaults.CountMax; number++)
        {
            faults.IsNew(number.ToString(CultureInfo.InvariantCulture)).ShouldBeTrue();
        }

        faults.IsNew("more").ShouldBeFalse();
        _time.Advance(RecentFaults.Window);
        faults.IsNew("more").ShouldBeTrue();
    }
}
