using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas.Tests.Sources;

public sealed class RepositoryUriTests
{
    [Theory]
    [InlineData("/a")]
    [InlineData("/mediawiki/page/change/1.11.0")]
    [InlineData("/a/1.0.0-beta+1.yaml")]
    [InlineData("/a/..b")]
    public void PlainPath_Passes(string uri) => RepositoryUri.IsPath(uri).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/1.0.0")]
    [InlineData("//host/a")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("/../a")]
    [InlineData("/a/./b")]
    [InlineData("/a/..")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/..\\a")]
    [InlineData("/a?v=1")]
    [InlineData("/a#/b")]
    [InlineData("/a\0")]
    [InlineData("/a b")]
    [InlineData("/a\n")]
    [InlineData("/é")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://127.0.0.1/a")]
    [InlineData("__proto__")]
    public void AnythingElse_IsRefused(string uri) => RepositoryUri.IsPath(uri).ShouldBeFalse();

    [Fact]
    public void PathThatIsTooLong_IsRefused()
    {
        RepositoryUri.IsPath("/" + new string('a', RepositoryUri.LengthMax - 1)).ShouldBeTrue();
        RepositoryUri.IsPath("/" + new string('a', RepositoryUri.LengthMax)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/a#", "/a")]
    [InlineData("/a#/", "/a")]
    [InlineData("/a##", "/a#")]
    [InlineData("/a#/b", "/a#/b")]
    public void EmptyFragment_IsDropped(string uri, string path) =>
        RepositoryUri.WithoutEmptyFragment(uri).ShouldBe(path);
}
