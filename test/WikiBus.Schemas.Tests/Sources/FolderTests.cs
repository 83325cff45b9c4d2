using System.Text;

namespace WikiBus.Schemas.Tests.Sources;

public sealed class FolderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<string> _reports = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a/1.0.0", """{"title":"x"}""", true)]
    [InlineData("a/1.0.0", "title: x", false)]
    [InlineData("a/1.0.0.yaml", "title: x", false)]
    [InlineData("a/1.0.0.yml", "title: x", false)]
    [InlineData("a/1.0.0.json", """{"title":"x"}""", true)]
    [InlineData("a/1.0.0.yaml", """{"title":"x"}""", true)]
    public async Task Schema_IsFoundWithAndWithoutExtension(string path, string text, bool isJson)
    {
        _folder.Write(path, text);
        var schema = await ReadAsync("/a/1.0.0");
        schema.ShouldNotBeNull().IsJson.ShouldBe(isJson);
        Encoding.UTF8.GetString(schema.Utf8.Span).ShouldBe(text);
        Encoding.UTF8.GetString(schema.Json.Span).ShouldBe("""{"title":"x"}""");
    }

    [Fact]
    public async Task ByteOrderMark_IsDropped()
    {
        _folder.Write("a/1.0.0", "\ufeff{}");
        (await ReadAsync("/a/1.0.0"))!.IsJson.ShouldBeTrue();
    }

    [Fact]
    public async Task LinkInsideOfTheFolder_IsFollowed()
    {
        _folder.Write("a/1.0.0.yaml", "title: x");
        _folder.Link("a/latest", "1.0.0.yaml");
        _folder.Link("b", "a");
        (await ReadAsync("/a/latest")).ShouldNotBeNull();
        (await ReadAsync("/b/latest")).ShouldNotBeNull();
    }

    [Fact]
    public async Task LinkKeptAsText_IsFollowed()
    {
        _folder.Write("a/1.0.0.yaml", "title: x");
        _folder.Write("a/1.0.0", "1.0.0.yaml");
        Encoding.UTF8.GetString((await ReadAsync("/a/1.0.0"))!.Json.Span).ShouldBe("""{"title":"x"}""");
    }

    [Theory]
    [InlineData("a/secret", "../../outside")]
    [InlineData("a/secret", "/etc/hostname")]
    [InlineData("a", "/etc")]
    public async Task LinkThatLeavesTheFolder_IsNotFollowed(string path, string target)
    {
        using var outside = new TestFolder();
        outside.Write("secret", "{}");
        _folder.Link(path, target == "/etc"
            ? outside.FullPath
            : Path.GetRelativePath(_folder.FullPath, outside.FullPath + "/secret"));
        (await ReadAsync("/a/secret")).ShouldBeNull();
    }

    [Fact]
    public async Task RingOfLinks_Ends()
    {
        _folder.Link("a", "b");
        _folder.Link("b", "a");
        (await ReadAsync("/a")).ShouldBeNull();
    }

    [Fact]
    public async Task FolderThatIsALinkItself_IsUsed()
    {
        _folder.Write("real/a/1.0.0", "{}");
        _folder.Link("link", "real");
        await using var repository = Open(Path.Join(_folder.FullPath, "link"));
        (await repository.GetTextAsync("/a/1.0.0", TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("a: [1")]
    [InlineData("""{"a":1,"a":2}""")]
    public async Task TextAtFault_IsNoSchemaAndReported(string text)
    {
        _folder.Write("a/1.0.0", text);
        (await ReadAsync("/a/1.0.0")).ShouldBeNull();
        _reports.ShouldHaveSingleItem().ShouldContain("/a/1.0.0");
    }

    [Fact]
    public async Task TextThatIsTooLong_IsNoSchemaAndReported()
    {
        _folder.Write("a/1.0.0", "{}" + new string(' ', 1 << 20));
        (await ReadAsync("/a/1.0.0")).ShouldBeNull();
        _reports.ShouldHaveSingleItem().ShouldContain("bytes");
    }

    [Fact]
    public async Task BytesThatAreNotUtf8_AreNoSchema()
    {
        File.WriteAllBytes(Path.Join(_folder.FullPath, "a"), [(byte)'"', 0xff, (byte)'"']);
        (await ReadAsync("/a")).ShouldBeNull();
        _reports.ShouldHaveSingleItem().ShouldContain("UTF-8");
    }

    [Fact]
    public async Task FirstSource_Wins()
    {
        using var second = new TestFolder();
        _folder.Write("a/1.0.0", """{"title":"first"}""");
        second.Write("a/1.0.0", """{"title":"second"}""");
        second.Write("b/1.0.0", """{"title":"second"}""");
        await using var repository = Open(_folder.FullPath, second.FullPath);
        (await TitleAsync(repository, "/a/1.0.0")).ShouldContain("first");
        (await TitleAsync(repository, "/b/1.0.0")).ShouldContain("second");
        (await TitleAsync(repository, "/test/event/1.0.0")).ShouldContain("test/event");
    }

    private static async Task<string> TitleAsync(SchemaRepository repository, string uri) =>
        Encoding.UTF8.GetString((await repository.GetTextAsync(uri, TestContext.Current.CancellationToken))!.Json.Span);

    private async Task<SchemaText?> ReadAsync(string uri)
    {
        await using var repository = Open(_folder.FullPath);
        return await repository.GetTextAsync(uri, TestContext.Current.CancellationToken);
    }

    private SchemaRepository Open(params string[] sources) =>
        new(new SchemaRepositoryOptions { Sources = sources, Report = _reports.Add }, TimeProvider.System);
}
