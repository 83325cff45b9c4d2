using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Http;
using WikiBus.Server.Intake;

namespace WikiBus.Server.Tests.Intake;

public sealed class BriefRequestsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0L, null, true)]
    [InlineData((long)RequestThread.BriefBytesMax, null, true)]
    [InlineData(RequestThread.BriefBytesMax + 1L, null, false)]
    [InlineData(null, null, false)]
    [InlineData(10L, "gzip", false)]
    public void SmallOnes_AreBrief(long? length, string? encoding, bool isBrief) =>
        new BriefRequests(_time).Has(Request(length, encoding)).ShouldBe(isBrief);

    [Fact]
    public void OneThatTookLong_SendsTheNextThroughThePoolForTwentyTimesAsLong()
    {
        var brief = new BriefRequests(_time);
        Run(brief, TimeSpan.FromMilliseconds(100));
        brief.Has(Request(10)).ShouldBeTrue();

        Run(brief, TimeSpan.FromSeconds(1));
        brief.Has(Request(10)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(19.9));
        brief.Has(Request(10)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        brief.Has(Request(10)).ShouldBeTrue();
    }

    [Fact]
    public void ShorterOneThatEndsLater_LeavesTheLongerPause()
    {
        var brief = new BriefRequests(_time);
        var start = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        var laterStart = _time.GetTimestamp();
        brief.Ran(start);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        brief.Ran(laterStart);

        _time.Advance(TimeSpan.FromSeconds(19));
        brief.Has(Request(10)).ShouldBeFalse();
    }

    [Fact]
    public void OneOverTls_IsNotBrief()
    {
        var context = Request(10);
        context.Request.IsHttps = true;
        new BriefRequests(_time).Has(context).ShouldBeFalse();
    }

    private void Run(BriefRequests brief, TimeSpan duration)
    {
        var start = _time.GetTimestamp();
        _time.Advance(duration);
        brief.Ran(start);
    }

    private static DefaultHttpContext Request(long? length, string? encoding = null)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = length;
        if (encoding is not null)
        {
            context.Request.Headers.ContentEncoding = encoding;
        }

        return context;
    }
}
