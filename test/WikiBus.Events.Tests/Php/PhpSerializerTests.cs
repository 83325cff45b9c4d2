using System.Buffers;
using System.Text;
using System.Text.Json;
using WikiBus.Events.Php;

namespace WikiBus.Events.Tests.Php;

public sealed class PhpSerializerTests
{
    [Theory]
    [InlineData("null", "N;")]
    [InlineData("true", "b:1;")]
    [InlineData("false", "b:0;")]
    [InlineData("-7", "i:-7;")]
    [InlineData("-0", "i:0;")]
    [InlineData("9223372036854775807", "i:9223372036854775807;")]
    [InlineData("9223372036854775808", "d:9.223372036854776E+18;")]
    [InlineData("1.5", "d:1.5;")]
    [InlineData("10.0", "d:10;")]
    [InlineData("-0.0", "d:-0;")]
    [InlineData("1e25", "d:1.0E+25;")]
    [InlineData("15e-8", "d:1.5E-7;")]
    [InlineData("\"\"", "s:0:\"\";")]
    [InlineData("\"é😀\\\"\\u0000\"", "s:8:\"é😀\"\0\";")]
    [InlineData("[]", "a:0:{}")]
    [InlineData("{}", "a:0:{}")]
    [InlineData("[\"x\",[2]]", "a:2:{i:0;s:1:\"x\";i:1;a:1:{i:0;i:2;}}")]
    [InlineData("{\"b\":1,\"a\":{\"c\":null}}", "a:2:{s:1:\"b\";i:1;s:1:\"a\";a:1:{s:1:\"c\";N;}}")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "a:2:{s:1:\"a\";i:3;s:1:\"b\";i:2;}")]
    public void Value_IsWritten_AsPhpSerializesIt(string json, string expected) => Serialize(json).ShouldBe(expected);

    [Theory]
    [InlineData("0", "i:0;")]
    [InlineData("42", "i:42;")]
    [InlineData("-5", "i:-5;")]
    [InlineData("-9223372036854775808", "i:-9223372036854775808;")]
    [InlineData("9223372036854775808", "s:19:\"9223372036854775808\";")]
    [InlineData("05", "s:2:\"05\";")]
    [InlineData("-0", "s:2:\"-0\";")]
    [InlineData("+1", "s:2:\"+1\";")]
    [InlineData(" 1", "s:2:\" 1\";")]
    [InlineData("1.5", "s:3:\"1.5\";")]
    [InlineData("", "s:0:\"\";")]
    public void Key_IsAnInteger_WhereItIsOneInItsUsualForm(string key, string expected) =>
        Serialize($$"""{"{{key}}":true}""").ShouldBe($"a:1:{{{expected}b:1;}}");

    private static string Serialize(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        PhpSerializer.Write(JsonElement.Parse(json), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
