using System.Text;
using WikiBus.Server.Intake.Filling;

namespace WikiBus.Server.Tests.Intake.Filling;

public sealed class EventTimeTests
{
    [Theory]
    [InlineData("2026-11-20T22:20:26Z", "2026-11-20T22:20:26.000Z")]
    [InlineData("2020-01-02T03:04:05.678Z", "2020-01-02T03:04:05.678Z")]
    [InlineData("2020-01-02T03:04:05+02:00", "2020-01-02T01:04:05.000Z")]
    [InlineData("2020-01-02T03:04:05", "2020-01-02T03:04:05.000Z")]
    public void Time_IsReadAsUtc(string text, string expected)
    {
        var milliseconds = EventTime.ReadMs(Encoding.UTF8.GetBytes(text));
        Span<byte> written = stackalloc byte[EventTime.Length];
        EventTime.Write(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), written);
        Encoding.UTF8.GetString(written).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-40T22:20:26Z")]
    [InlineData("2026-11-20T99:20:26Z")]
    public void NoTime_IsZero(string text) => EventTime.ReadMs(Encoding.UTF8.GetBytes(text)).ShouldBe(0);

    [Fact]
    public void UuidOfVersion7_HoldsItsTime()
    {
        var time = new DateTimeOffset(2026, 11, 20, 1, 2, 3, 456, TimeSpan.Zero);
        var id = Guid.CreateVersion7(time).ToString();
        EventTime.ReadUuidMs(Encoding.UTF8.GetBytes(id)).ShouldBe(time.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void OtherUuid_HoldsNone() =>
        EventTime.ReadUuidMs(Encoding.UTF8.GetBytes(Guid.NewGuid().ToString())).ShouldBe(0);
}
