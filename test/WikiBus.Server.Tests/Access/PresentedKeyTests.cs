using Microsoft.AspNetCore.Http;
using WikiBus.Server.Access;

namespace WikiBus.Server.Tests.Access;

public sealed class PresentedKeyTests
{
    [Theory]
    [InlineData("Bearer abc", "", "", "abc")]
    [InlineData("bearer  abc ", "", "", "abc")]
    [InlineData("Bearer ", "", "", "")]
    [InlineData("Basic abc", "", "", null)]
    [InlineData("", "?apikey=a%2Bc", "", "a+c")]
    [InlineData("", "?hasty=1&apikey=abc", "", "abc")]
    [InlineData("", "?apikey=", "", "")]
    [InlineData("", "?noapikey=abc", "", null)]
    [InlineData("", "", "a=b; service-key=abc", "abc")]
    [InlineData("", "", "other=abc", null)]
    [InlineData("Bearer abc", "?apikey=def", "service-key=ghi", "abc")]
    [InlineData("Basic abc", "?apikey=def", "service-key=ghi", "def")]
    [InlineData("", "?apikey=abc&apikey=def", "", "abc")]
    [InlineData("", "?APIKEY=abc&apikey=def", "", "abc")]
    [InlineData("", "", "service-key=\"abc\"", "abc")]
    [InlineData("", "", "$Version=\"1\"; service-key=\"abc\"; $Path=\"/pubsub\"", "abc")]
    [InlineData("", "", "SERVICE-KEY=abc", null)]
    [InlineData("", "", "", null)]
    public void Key_IsFound_WhereItMayStand(string authorization, string query, string cookie, string? key)
    {
        var request = new DefaultHttpContext().Request;
        Set(request, "Authorization", authorization);
        Set(request, "Cookie", cookie);
        request.QueryString = new QueryString(query);
        PresentedKey.Of(request).ShouldBe(key);
    }

    [Theory]
    [InlineData("Origin", "http://wiki.example", "abc")]
    [InlineData("Origin", "http://evil.example", null)]
    [InlineData("Origin", "http://evil://wiki.example", null)]
    [InlineData("Origin", "null", null)]
    [InlineData("Sec-Fetch-Site", "same-origin", "abc")]
    [InlineData("Sec-Fetch-Site", "none", "abc")]
    [InlineData("Sec-Fetch-Site", "cross-site", null)]
    public void KeyInACookie_CountsOnlyWithoutAnotherSitesPage(string header, string value, string? key)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString("wiki.example");
        Set(request, "Cookie", "service-key=abc");
        Set(request, header, value);
        PresentedKey.Of(request).ShouldBe(key);
    }

    private static void Set(HttpRequest request, string header, string value)
    {
        if (value.Length > 0)
        {
            request.Headers[header] = value;
        }
    }
}
