using System.Text;
using WikiBus.Schemas.Formats;

namespace WikiBus.Schemas.Tests.Formats;

/// <summary>
/// The official suite tests the strict rules. These are ajv's fast rules; ajv 6.12.6 agrees with each example.
/// </summary>
public sealed class FormatTableTests
{
    [Theory]
    [InlineData("date", "2020-02-31", true)]
    [InlineData("date", "2020-20-01", false)]
    [InlineData("time", "29:59:59", true)]
    [InlineData("time", "23:59:60Z", true)]
    [InlineData("time", "22:59:60", false)]
    [InlineData("time", "12:00:00.", false)]
    [InlineData("date-time", "2020-01-02t03:04:05z", true)]
    [InlineData("date-time", "2020-01-02 03:04:05.123+0100", true)]
    [InlineData("date-time", "2020-01-02T03:04:05+01", true)]
    [InlineData("date-time", "2020-01-02T03:04:05-01:99", true)]
    [InlineData("date-time", "2020-01-02T03:04:05", false)]
    [InlineData("date-time", "2020-01-02T03:04Z", false)]
    [InlineData("email", "a@b", true)]
    [InlineData("email", ".a..b@c.d", true)]
    [InlineData("email", "a@b-", false)]
    [InlineData("email", "\"a\"@b", false)]
    [InlineData("hostname", "a.b-c.", true)]
    [InlineData("hostname", "-a", false)]
    [InlineData("hostname", "a_b", false)]
    [InlineData("ipv4", "127.000.00.1", true)]
    [InlineData("ipv4", "1.2.3.256", false)]
    [InlineData("ipv6", "::1", true)]
    [InlineData("ipv6", "1::2::3", false)]
    [InlineData("uri", "http://example.org/a b", false)]
    [InlineData("uri", "a:", true)]
    [InlineData("uri", "a:é%zz", true)]
    [InlineData("uri", "/a", false)]
    [InlineData("uri-reference", "../x", true)]
    [InlineData("uri-reference", "", true)]
    [InlineData("uri-reference", "\\x", false)]
    [InlineData("uri-reference", "/\\x", true)]
    [InlineData("uri-reference", "a#b\\", false)]
    [InlineData("uri-reference", "a\u00a0b", false)]
    [InlineData("uuid", "urn:uuid:5E1DD101-641c-11e8-ab6c-b083fecf1280", true)]
    [InlineData("uuid", "5e1dd101641c11e8ab6cb083fecf1280", false)]
    [InlineData("regex", "a+", true)]
    [InlineData("regex", "(", false)]
    [InlineData("regex", "^\\q$", true)]
    [InlineData("regex", "^a\\Z", false)]
    [InlineData("regex", "^a\\\\Z", true)]
    [InlineData("json-pointer", "/a/~0", true)]
    [InlineData("json-pointer", "a", false)]
    [InlineData("relative-json-pointer", "1/a", true)]
    public void AjvFormat_AcceptsWhatAjvAccepts(string name, string text, bool isValid) =>
        FormatTable.Find(name, FormatRules.Ajv)!(Encoding.UTF8.GetBytes(text)).ShouldBe(isValid);

    [Fact]
    public void UnknownFormat_IsNotFound() => FormatTable.Find("dolor", FormatRules.Ajv).ShouldBeNull();
}
