using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class SchemasCommandTests
{
    [Fact]
    public async Task GoodRepository_ExitsWithZero()
    {
        using var directory = new TestDirectory();
        await WriteAsync(directory, """{"$id": "/page/1.0.0", "type": "object", "examples": [{"a": 1}]}""");

        var result = await WikiBusBinary.RunAsync(["schemas", "check", directory.FullPath]);

        result.ExitCode.ShouldBe(0, result.Error + result.Output);
        result.Error.ShouldContain("1 schema, 1 example, 0 faults");
    }

    [Fact]
    public async Task ExampleThatDoesNotValidate_ExitsWithOneAndSaysWhere()
    {
        using var directory = new TestDirectory();
        await WriteAsync(directory, """{"$id": "/page/1.0.0", "required": ["b"], "examples": [{"a": 1}]}""");

        var result = await WikiBusBinary.RunAsync(["schemas", "check", directory.FullPath]);

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain("page/1.0.0");
        result.Output.ShouldContain("#/examples/0");
    }

    [Fact]
    public async Task NoSuchFolder_ExitsWithTwo()
    {
        var result = await WikiBusBinary.RunAsync(["schemas", "check", "no/such/folder"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("There is no folder 'no/such/folder'.");
    }

    [Fact]
    public async Task FolderWithoutASchema_ExitsWithOne()
    {
        using var directory = new TestDirectory();

        var result = await WikiBusBinary.RunAsync(["schemas", "check", directory.FullPath]);

        result.ShouldBe(new CommandResult(1, "", $"wikibus: There is no schema in '{directory.FullPath}'.\n"));
    }

    private static Task WriteAsync(TestDirectory directory, string schema)
    {
        Directory.CreateDirectory(directory.Combine("page"));
        return File.WriteAllTextAsync(directory.Combine("page", "1.0.0.json"), schema, TestTime.Token());
    }
}
