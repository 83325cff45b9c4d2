using System.Text;

namespace WikiBus.Schemas.Tests.Sources;

public sealed class UrlTests : IAsyncLifetime
{
    private readonly TestFolder _copies = new();
    private readonly List<string> _reports = [];
    private readonly FakeSchemaServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _copies.Dispose();
    }

    [Fact]
    public async Task Schema_IsFetchedOnce()
    {
        _server.Give("/base/a/1.0.0.yaml", "title: x");
        await using var repository = Open();
        var readings = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(repository, "/a/1.0.0")));
        readings.ShouldAllBe(static title => title == """{"title":"x"}""");
        _server.Requests.ShouldBe(["/base/a/1.0.0", "/base/a/1.0.0.yaml"]);
    }

    [Fact]
    public async Task ServerThatIsDown_IsReplacedByTheCopyOnDisk()
    {
        _server.Give("/base/a/1.0.0", "title: x");
        await using (var first = Open())
        {
            await ReadAsync(first, "/a/1.0.0");
        }

        await _server.DisposeAsync();
        await using var second = Open();
        (await ReadAsync(second, "/a/1.0.0")).ShouldBe("""{"title":"x"}""");
        await second.ReloadAsync(TestContext.Current.CancellationToken);
        (await ReadAsync(second, "/a/1.0.0")).ShouldBe("""{"title":"x"}""");
    }

    [Fact]
    public async Task SchemaThatChanged_IsRefreshed()
    {
        _server.Give("/base/a/1.0.0", "title: old");
        await using var repository = Open();
        await ReadAsync(repository, "/a/1.0.0");
        _server.Give("/base/a/1.0.0", "title: new");
        (await ReadAsync(repository, "/a/1.0.0"))!.ShouldContain("old");
        await repository.ReloadAsync(TestContext.Current.CancellationToken);
        (await ReadAsync(repository, "/a/1.0.0"))!.ShouldContain("new");
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "answered 500")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /base/other\r\nContent-Length: 0\r\n\r\n", "answered 302")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "more than 2048 bytes", 5000)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "more than 2048 bytes", 5000)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "")]
    [InlineData("garbage\r\n\r\n", "")]
    [InlineData("", "did not answer")]
    public async Task AnswerThatIsNoSchema_IsReportedAndTheNextSourceUsed(string head, string report, int padding = 0)
    {
        _server.Answers["/base/test/event/1.0.0"] = head + new string(' ', padding);
        _server.Give("/base/other", "{}");
        await using var repository = Open();
        (await ReadAsync(repository, "/test/event/1.0.0"))!.ShouldContain("test/event");
        _reports.ShouldBeEmpty();
        _server.Answers["/base/a/1.0.0"] = head + new string(' ', padding);
        (await ReadAsync(repository, "/a/1.0.0")).ShouldBeNull();
        _reports.ShouldHaveSingleItem().ShouldContain(report);
        Directory.EnumerateFileSystemEntries(_copies.FullPath).ShouldBeEmpty();
    }

    [Fact]
    public async Task AbsoluteUri_IsFetchedOnlyIfNamed()
    {
        _server.Give("/x/1.0.0", "title: x");
        _server.Give("/y/1.0.0", "title: y");
        await using var repository = new SchemaRepository(
            new SchemaRepositoryOptions { AllowedAbsoluteUris = [_server.Url + "/x/1.0.0"] }, TimeProvider.System);
        (await ReadAsync(repository, _server.Url + "/x/1.0.0"))!.ShouldContain("x");
        (await ReadAsync(repository, _server.Url + "/y/1.0.0")).ShouldBeNull();
        (await ReadAsync(repository, _server.Url + "/x/1.0.0?")).ShouldBeNull();
        _server.Requests.ShouldBe(["/x/1.0.0"]);
    }

    [Fact]
    public void SourceThatIsNeitherFolderNorUrl_IsRefused() =>
        Should.Throw<ArgumentException>(
            () => new SchemaRepository(new() { Sources = ["ftp://example.org"] }, TimeProvider.System))
            .Message.ShouldContain("ftp://example.org");

    private static async Task<string?> ReadAsync(SchemaRepository repository, string uri) =>
        await repository.GetTextAsync(uri, TestContext.Current.CancellationToken) is { } text
            ? Encoding.UTF8.GetString(text.Json.Span)
            : null;

    private SchemaRepository Open() => new(
        new SchemaRepositoryOptions
        {
            Sources = [_server.Url + "/base"],
            CacheDirectory = _copies.FullPath,
            SchemaBytesMax = 2048,
            FetchTimeout = TimeSpan.FromSeconds(2),
            Report = _reports.Add,
        },
        TimeProvider.System);
}
