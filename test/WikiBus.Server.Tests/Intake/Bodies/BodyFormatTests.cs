using Microsoft.AspNetCore.Http;
using WikiBus.Server.Intake.Bodies;

namespace WikiBus.Server.Tests.Intake.Bodies;

public sealed class BodyFormatTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-16LE\"")]
    [InlineData("application/json ; charset= utf-8 ; x=\"a;b\"")]
    [InlineData("text/plain")]
    [InlineData("application/reports+json")]
    public void KnownType_IsRead(string contentType)
    {
        var format = BodyFormat.Of(Headers(contentType));
        format.IsRead.ShouldBeTrue();
        format.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("application/vnd.api+json")]
    [InlineData("text/html")]
    [InlineData("application/json;")]
    [InlineData("application/json; charset=")]
    [InlineData("application/json; x")]
    [InlineData("application/json; charset=utf-8;")]
    [InlineData("application/json\t; charset=utf-8")]
    public void OtherType_CountsAsEmpty(string contentType) =>
        BodyFormat.Of(Headers(contentType)).IsRead.ShouldBeFalse();

    [Theory]
    [InlineData("application/json; charset=iso-8859-1", "unsupported charset \"ISO-8859-1\"")]
    [InlineData("application/json; charset=utf-99", "unsupported charset \"UTF-99\"")]
    [InlineData("application/json; charset=utf-32", "unsupported charset \"UTF-32\"")]
    [InlineData("application/json; charset=utf-7", "unsupported charset \"UTF-7\"")]
    [InlineData("application/json; charset=utf-8; charset=utf-99", "unsupported charset \"UTF-99\"")]
    public void UnknownCharset_IsAFault(string contentType, string message) =>
        BodyFormat.Of(Headers(contentType)).Fault.ShouldNotBeNull().Message.ShouldBe(message);

    [Theory]
    [InlineData("gzip", BodyCompression.Gzip)]
    [InlineData("deflate", BodyCompression.Deflate)]
    [InlineData("BR", BodyCompression.Brotli)]
    [InlineData("identity", BodyCompression.None)]
    public void KnownCoding_IsInflated(string coding, object expected) =>
        BodyFormat.Of(Headers("application/json", coding)).Compression.ShouldBe((BodyCompression)expected);

    [Fact]
    public void UnknownCoding_IsAFault() =>
        BodyFormat.Of(Headers("application/json", "zstd")).Fault.ShouldNotBeNull()
            .Message.ShouldBe("unsupported content encoding \"zstd\"");

    private static HeaderDictionary Headers(string contentType, string coding = "") =>
        new() { ["Content-Type"] = contentType, ["Content-Encoding"] = coding };
}
