using System.Xml.Linq;
using WikiBus.Server.Dream.Sets;

namespace WikiBus.Server.Tests.Dream.Sets;

/// <summary>How much sets may add to the combined set.</summary>
public sealed class SetSizeTests
{
    [Theory]
    [InlineData(100, 100, 1, true)]
    [InlineData(10_000, 0, 1, true)]
    [InlineData(137, 73, 1, false)]
    [InlineData(10_001, 0, 1, false)]
    [InlineData(5_000, 2, 10, false)]
    public void PairsAndTheirRecipients_AreLimited(int channels, int resources, int recipients, bool isIncluded)
    {
        static string Many(int count, string name, string uri) => string.Concat(
            Enumerable.Range(0, count).Select(number => $"<{name}>{uri}{number}</{name}>"));
        var root = XElement.Parse(
            $"<s><uri.owner>http://o</uri.owner><subscription>{Many(channels, "channel", "event://a/")}"
            + Many(resources, "uri.resource", "http://a/") + "<uri.proxy>http://proxy</uri.proxy>"
            + string.Concat(Enumerable.Repeat("<recipient><uri>http://recipient/q</uri></recipient>", recipients))
            + "</subscription></s>");
        SetReader.TryRead(root, out var set, out var fault).ShouldBeTrue(fault);
        SetSize.OfKey.Includes([set!]).ShouldBe(isIncluded);
        SetSize.OfService.Includes([set!]).ShouldBeTrue();
    }
}
