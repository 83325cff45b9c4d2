using System.Buffers;
using System.Globalization;
using System.Text;
using WikiBus.Events.Php;

namespace WikiBus.Events.Tests.Php;

public sealed class PhpNumberTests
{
    /// <summary>JSON numbers and what PHP 8.2 makes of them; "none" if it cannot encode them.</summary>
    public static TheoryData<string, string> PhpNumbers()
    {
        var numbers = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "php-numbers.tsv")))
        {
            var parts = line.Split('\t');
            numbers.Add(parts[0], parts[1]);
        }

        return numbers;
    }

    [Theory]
    [MemberData(nameof(PhpNumbers))]
    public void Number_IsWritten_AsPhpWritesIt(string json, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        var isWritten = PhpNumber.TryWrite(Encoding.ASCII.GetBytes(json), output);
        (isWritten ? Encoding.ASCII.GetString(output.WrittenSpan) : "none").ShouldBe(expected);
    }

    [Fact]
    public void RandomFloat_RoundTrips_WithNoDigitTooMany()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var count = 0; count < 100_000; count++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value))
            {
                continue;
            }

            var text = PhpNumber.FormatFloat(value);
            double.Parse(text, CultureInfo.InvariantCulture).ShouldBe(value, $"{text}, seed {seed}");
            var shortest = value.ToString("R", CultureInfo.InvariantCulture);
            Digits(text).ShouldBe(Digits(shortest), $"{text}, seed {seed}");
        }
    }

    private static string Digits(string number) =>
        string.Concat(number.Split('e', 'E')[0].Where(char.IsAsciiDigit)).Trim('0');
}
