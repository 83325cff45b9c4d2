using System.Globalization;
using WikiBus.Server.Options;

namespace WikiBus.Server.Tests.Options;

public sealed class OptionTextTests
{
    [Theory]
    [InlineData("500 ms", "00:00:00.5")]
    [InlineData("4 s", "00:00:04")]
    [InlineData("4s", "00:00:04")]
    [InlineData("1.5 min", "00:01:30")]
    [InlineData("4 m", "00:04:00")]
    [InlineData("5m", "00:05:00")]
    [InlineData("24 h", "1.00:00:00")]
    [InlineData("31 d", "31.00:00:00")]
    [InlineData("00:00:04", "00:00:04")]
    [InlineData("1.02:03:04", "1.02:03:04")]
    [InlineData("0", "00:00:00")]
    public void Duration_IsRead(string text, string expected)
    {
        OptionText.TryParse(typeof(TimeSpan), text, out var value, out _).ShouldBeTrue();
        value.ShouldBe(TimeSpan.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("4")]
    [InlineData("30")]
    [InlineData("-1")]
    [InlineData("00")]
    [InlineData("4.5")]
    [InlineData("s")]
    [InlineData("-4 s")]
    [InlineData("")]
    public void DurationWithoutAUnit_IsRefused_WithTheAllowedForms(string text)
    {
        OptionText.TryParse(typeof(TimeSpan), text, out var value, out var expected).ShouldBeFalse();
        value.ShouldBeNull();
        expected.ShouldBe("a number with its unit (500 ms, 4 s, 5 min, 24 h, 31 d), or hh:mm:ss");
    }
}
