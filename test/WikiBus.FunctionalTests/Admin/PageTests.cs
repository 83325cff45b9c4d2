using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Admin;

public sealed partial class PageTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Root_IsAPageUnderAStrictPolicy()
    {
        using var response = await fixture.Server.Client.GetAsync("/", TestTime.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("*");
    }

    [Fact]
    public async Task Root_NamesNothingOutsideAndEverythingItNamesIsServed()
    {
        var page = await fixture.Server.Client.GetStringAsync("/", TestTime.Token());

        page.ShouldNotContain("://");
        var files = References().Matches(page).Select(static match => match.Groups[1].Value).ToList();
        files.ShouldContain("/page/page.js");
        foreach (var file in files.Where(static file => file.StartsWith("/page/", StringComparison.Ordinal)))
        {
            using var response = await fixture.Server.Client.GetAsync(file, TestTime.Token());
            response.StatusCode.ShouldBe(HttpStatusCode.OK, file);
        }
    }

    [Fact]
    public async Task Root_HasNoScriptOrStyleInItself()
    {
        var page = await fixture.Server.Client.GetStringAsync("/", TestTime.Token());

        page.ShouldNotContain("<style");
        page.ShouldNotContain(" style=");
        page.ShouldNotContain(" onclick");
        page.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task LinesForLocalSettings_AreThoseOfTheReadme()
    {
        var page = await fixture.Server.Client.GetStringAsync("/", TestTime.Token());
        var lines = WebUtility.HtmlDecode(LocalSettings().Match(page).Groups[1].Value)
            .Replace("<span class=\"address\"></span>", "http://localhost:8192", StringComparison.Ordinal);

        var readme = await File.ReadAllTextAsync(ReadmePath(), TestTime.Token());

        lines.ShouldStartWith("wfLoadExtension");
        readme.ShouldContain($"```php\n{lines}\n```");
    }

    [Fact]
    public async Task SameTag_Answers304()
    {
        using var first = await fixture.Server.Client.GetAsync("/", TestTime.Token());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await fixture.Server.Client.SendAsync(request, TestTime.Token());

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private static string ReadmePath([CallerFilePath] string source = "") =>
        Path.GetFullPath("../../../README.md", Path.GetDirectoryName(source)!);

    [GeneratedRegex("<pre id=\"local-settings\">([^`]*?)</pre>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LocalSettings();

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex References();
}
