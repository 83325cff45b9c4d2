using System.Numerics;
using System.Text;
using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Tests.Segments;

public sealed class Crc32CTests
{
    [Fact]
    public void TheExampleOfTheStandard_GivesItsValue() =>
        Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283);

    /// <summary>RFC 3720, B.4.</summary>
    [Theory]
    [InlineData(0x00, 0x8A9136AA)]
    [InlineData(0xFF, 0x62A8AB43)]
    public void ThirtyTwoEqualBytes_GiveTheStandardsValues(byte value, uint expected) =>
        Crc32C.Compute(Enumerable.Repeat(value, 32).ToArray()).ShouldBe(expected);

    [Fact]
    public void AnyLengthAndAnyCut_GivesWhatBytesOneByOneGive()
    {
        var bytes = new byte[2000];
        new Random(7).NextBytes(bytes);
        var expected = Crc32C.Start;
        for (var length = 0; length <= bytes.Length; length++)
        {
            Crc32C.Append(Crc32C.Start, bytes.AsSpan(0, length)).ShouldBe(expected, $"{length} bytes");
            var cut = length / 3;
            Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut, length - cut))
                .ShouldBe(expected, $"{length} bytes, cut at {cut}");
            expected = length < bytes.Length ? BitOperations.Crc32C(expected, bytes[length]) : expected;
        }
    }
}
