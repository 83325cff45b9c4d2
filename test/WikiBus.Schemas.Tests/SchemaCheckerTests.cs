namespace WikiBus.Schemas.Tests;

public sealed class SchemaCheckerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FolderWithoutFault_HasNoFinding()
    {
        _folder.Write("a/1.0.0.yaml", "$id: /a/1.0.0\ntype: object\nexamples: [{}]");
        _folder.Write("a/1.0.0", "1.0.0.yaml");
        _folder.Link("a/latest", "1.0.0.yaml");
        _folder.Write("README.md", "no schema");
        var check = await CheckAsync();
        check.Findings.ShouldBeEmpty();
        (check.SchemaCount, check.ExampleCount).ShouldBe((2, 2));
    }

    [Theory]
    [InlineData("a: [", "#", "line 2")]
    [InlineData("{\"type\": \"objekt\"}", "#", "schema is invalid")]
    [InlineData("$ref: /b/1.0.0", "#", "/b/1.0.0")]
    [InlineData("properties: {n: {type: integer}}\nexamples: [{n: 1}, {n: x}]", "#/examples/1.n",
        "should be integer (#/properties/n/type)")]
    public async Task Fault_IsFoundWithFileAndPlace(string text, string place, string message)
    {
        _folder.Write("a/1.0.0.yaml", text);
        var finding = (await CheckAsync()).Findings.ShouldHaveSingleItem();
        finding.File.ShouldBe("a/1.0.0.yaml");
        finding.Place.ShouldBe(place);
        finding.Message.ShouldContain(message);
    }

    [Fact]
    public async Task MissingFolder_IsTheCallersMistake() => await Should.ThrowAsync<DirectoryNotFoundException>(
        () => SchemaChecker.CheckAsync(_folder.FullPath + "/none", TimeProvider.System,
            TestContext.Current.CancellationToken));

    private Task<SchemaCheck> CheckAsync() =>
        SchemaChecker.CheckAsync(_folder.FullPath, TimeProvider.System, TestContext.Current.CancellationToken);
}
