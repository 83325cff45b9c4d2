using Microsoft.AspNetCore.Http;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Tests.Dream.Uris;

public sealed class PublicUriTests
{
    private const string Own = "http://own/pubsub";

    [Theory]
    [InlineData("h:8192", "", "", "https://h:8192/pubsub")]
    [InlineData("h", "f", "", "https://f/pubsub")]
    [InlineData("h", "f:81 , g", "", "https://f:81/pubsub")]
    [InlineData("h", "f/../x", "", "https://f/../x/pubsub")]
    [InlineData("h", "f", "http://p/x/", "http://p/x/pubsub")]
    [InlineData("h", "f", "HTTP://p?q#f", "HTTP://p/pubsub")]
    [InlineData("h", "f", "http://", "https://f/pubsub")]
    [InlineData("h", "f", "nonsense", "https://f/pubsub")]
    [InlineData("h", "f", "javascript://p", "https://f/pubsub")]
    [InlineData("h", "f<a>", "", "https://h/pubsub")]
    [InlineData("", "", "", Own)]
    public void Uri_FollowsTheParameterTheForwardedHostAndTheHost(
        string host, string forwarded, string parameter, string expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "https";
        request.Headers.Host = host;
        request.Headers["X-Forwarded-Host"] = forwarded;
        request.QueryString = QueryString.Create("dream.in.uri", parameter);
        Make().Of(request).ShouldBe(expected);
    }

    [Fact]
    public void Path_IsThatBelowTheService()
    {
        var request = new DefaultHttpContext().Request;
        request.Path = "/pubsub/subscribers/a b";
        Make().PathBelow(request).ShouldBe("/subscribers/a%20b");
    }

    private static PublicUri Make()
    {
        var options = new DreamOptions { PublicUri = Own };
        return new PublicUri(new OwnUris(new ListeningServer(), new ListeningServer().Lifetime, options), options);
    }
}
