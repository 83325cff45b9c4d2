using WikiBus.Server.Http;

namespace WikiBus.Server.Tests.Http;

public sealed class TimeParameterTests
{
    [Theory]
    [InlineData("1700000000000", 1_700_000_000_000)]
    [InlineData("1795987000", 1_795_987_000_000)]
    [InlineData("17959870000", 17_959_870_000)]
    [InlineData("179598700000", 179_598_700_000)]
    [InlineData("20261129211700", 1_795_987_020_000)]
    [InlineData("19700101000000", 0)]
    [InlineData("0", 0)]
    [InlineData("1970-01-01", 0)]
    [InlineData("2018-06-14", 1_528_934_400_000)]
    [InlineData("2018-06", 1_527_811_200_000)]
    [InlineData("2018-06-14T00:00", 1_528_934_400_000)]
    [InlineData("2018-06-14T00:00:00", 1_528_934_400_000)]
    [InlineData("2018-06-14T00:00:00Z", 1_528_934_400_000)]
    [InlineData("2018-06-14t00:00:00z", 1_528_934_400_000)]
    [InlineData("2018-06-14 00:00:00", 1_528_934_400_000)]
    [InlineData("2018-06-14T02:00:00+02:00", 1_528_934_400_000)]
    [InlineData("2018-06-14T02:00:00 02:00", 1_528_934_400_000)]
    [InlineData("2018-06-13T22:00:00-02:00", 1_528_934_400_000)]
    [InlineData("2018-06-13T24:00:00Z", 1_528_934_400_000)]
    [InlineData("2018-06-14T00:00:00.5Z", 1_528_934_400_500)]
    [InlineData("2018-06-14T00:00:00.123456Z", 1_528_934_400_123)]
    [InlineData("Thu, 14 Jun 2018 00:00:00 GMT", 1_528_934_400_000)]
    public void ATime_IsRead(string text, long expected)
    {
        TimeParameter.TryParse(text, out var timeMs).ShouldBeTrue();
        timeMs.ShouldBe(expected);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("now")]
    [InlineData("yesterday")]
    [InlineData("true")]
    [InlineData("NaN")]
    [InlineData("14/6/2018")]
    [InlineData("20180614T000000Z")]
    [InlineData("2018-06-14T00")]
    [InlineData("2018-W24")]
    [InlineData("2018-06-14T00:00:00,5Z")]
    [InlineData("2018-02-30")]
    [InlineData("2018-13-01")]
    [InlineData("2018-06-14T24:00:01Z")]
    [InlineData("0000-01-01")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("+1795987000")]
    [InlineData("00")]
    [InlineData("2026")]
    [InlineData("123456789")]
    [InlineData("20261329211700")]
    [InlineData("20260230000000")]
    [InlineData("20261129240000")]
    [InlineData("00000000000000")]
    [InlineData("202611292117000")]
    [InlineData("\uFF12\uFF10\uFF12\uFF16-11-29")]
    [InlineData("\u0662\u0660\u0662\u0666-11-29")]
    [InlineData("2026-1\uFF11-29")]
    [InlineData("2026-11-29T1\uFF10:00:00Z")]
    [InlineData("2026-11-29T10:00:00.\uFF11Z")]
    [InlineData("2026-11-29T10:00:00+0\uFF11:00")]
    [InlineData("\uFF11795987000")]
    [InlineData("2026112921170\uFF10")]
    public void WhatIsNoTime_IsRefused(string text) => TimeParameter.TryParse(text, out _).ShouldBeFalse();
}
