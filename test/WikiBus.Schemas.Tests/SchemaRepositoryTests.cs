using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Json;

namespace WikiBus.Schemas.Tests;

public sealed class SchemaRepositoryTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _reports = [];
    private SchemaRepository? _repository;

    private SchemaRepository Repository =>
        _repository ??= Open(new() { Sources = [_folder.FullPath], Report = _reports.Add });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_repository is not null)
        {
            await _repository.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task SchemaOnceUsed_IsFoundByItsBytesWithoutAllocating()
    {
        Repository.TryGet("/test/event/1.0.0"u8, out _).ShouldBeFalse();
        var schema = await GetAsync("/test/event/1.0.0");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isFound = Repository.TryGet("/test/event/1.0.0"u8, out var found);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        isFound.ShouldBeTrue();
        found.ShouldBeSameAs(schema);
        Repository.TryGet("/test/event/1.0.0#"u8, out _).ShouldBeTrue();
        Repository.TryGet("/test/event/1.0.1"u8, out _).ShouldBeFalse();
        Repository.TryGet([0xff, 0xfe], out _).ShouldBeFalse();
    }

    [Fact]
    public async Task ConcurrentRequests_GetTheSameSchema()
    {
        await using var repository = Open(new SchemaRepositoryOptions());
        var lookups = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            repository.GetAsync("/mediawiki/page/move/1.0.0", TestContext.Current.CancellationToken).AsTask()));
        lookups.Select(static lookup => lookup.Schema.ShouldNotBeNull()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Reference_LeadsToOtherFilesFromTheId()
    {
        _folder.Write("b/1.0.0", """{"$id":"/b/1.0.0","definitions":{"n":{"type":"integer"}}}""");
        _folder.Write("a/1.0.0.yaml", """
            $id: /a/1.0.0
            properties: {n: {$ref: '/b/1.0.0#/definitions/n'}, m: {$ref: '../b/1.0.0#/definitions/n'}}
            """);
        _folder.Write("c/1.0.0.yaml",
            "$id: https://schemas.example/c/1.0.0\nproperties: {n: {$ref: '/b/1.0.0#/definitions/n'}}");
        Validate(await GetAsync("/a/1.0.0"), """{"n":"x"}""").ShouldHaveSingleItem()
            .SchemaPath.ShouldBe("/b/1.0.0#/definitions/n/type");
        Validate(await GetAsync("/a/1.0.0"), """{"m":"x"}""").ShouldHaveSingleItem();
        Validate(await GetAsync("/c/1.0.0"), """{"n":"x"}""").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("$ref: 'http://127.0.0.1:1/a'")]
    [InlineData("$ref: 'file:///etc/hostname'")]
    [InlineData("$ref: '/../../etc/hostname'")]
    [InlineData("$schema: 'http://127.0.0.1:1/meta'\ntype: object")]
    public async Task ReferenceThatLeavesTheRepository_IsRefused(string schema)
    {
        _folder.Write("a/1.0.0", schema);
        (await Repository.GetAsync("/a/1.0.0", TestContext.Current.CancellationToken)).Fault.ShouldNotBeNull();
    }

    [Fact]
    public async Task Fault_IsRememberedForAWhileOnly()
    {
        (await FaultAsync("/a/1.0.0")).ShouldBe("Failed loading schema at /a/1.0.0");
        _folder.Write("a/1.0.0", "{}");
        (await FaultAsync("/a/1.0.0")).ShouldNotBeNull();
        _time.Advance(SchemaRepository.FaultLifetime);
        (await FaultAsync("/a/1.0.0")).ShouldBeNull();
    }

    [Fact]
    public async Task AbsoluteUri_IsRefusedWithoutARequest() =>
        (await FaultAsync("http://127.0.0.1:1/a"))
            .ShouldBe("Absolute schema URIs are not allowed but event schema_uri is http://127.0.0.1:1/a");

    [Fact]
    public async Task Reload_TakesGoodSchemasAndKeepsTheOthers()
    {
        _folder.Write("a/1.0.0", "$id: /a/1.0.0\n$ref: /b/1.0.0");
        _folder.Write("b/1.0.0", "$id: /b/1.0.0\ntype: integer");
        Validate(await GetAsync("/a/1.0.0"), "\"x\"").ShouldHaveSingleItem();

        _folder.Write("b/1.0.0", "$id: /b/1.0.0\ntype: strink");
        await Repository.ReloadAsync(TestContext.Current.CancellationToken);
        _reports.ShouldHaveSingleItem().ShouldContain("stays in use");
        Validate(await GetAsync("/a/1.0.0"), "\"x\"").ShouldHaveSingleItem();

        _folder.Write("b/1.0.0", "$id: /b/1.0.0\ntype: string");
        await Repository.ReloadAsync(TestContext.Current.CancellationToken);
        Validate(await GetAsync("/a/1.0.0"), "\"x\"").ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_IsReadAgainAfterTheInterval()
    {
        _folder.Write("a/1.0.0", "type: integer");
        Validate(await GetAsync("/a/1.0.0"), "\"x\"").ShouldHaveSingleItem();
        _folder.Write("a/1.0.0", "type: string");
        using var limit = new CancellationTokenSource(s_limit);
        while (Validate(await GetAsync("/a/1.0.0"), "\"x\"").Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task MoreSchemasThanAllowed_AreRefused()
    {
        await using var repository = Open(new() { SchemaCountMax = 1 });
        (await repository.GetAsync("/test/event/1.0.0", TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
        (await repository.GetAsync("/error/1.0.0", TestContext.Current.CancellationToken))
            .Fault!.ShouldContain("1 are kept");
        (await repository.GetAsync("/test/event/1.0.0", TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task BaseThatEndsInASlash_GoesWithUrisThatDoNotBeginWithOne()
    {
        _folder.Write("a/1.0.0", "{}");
        (await FaultAsync("a/1.0.0")).ShouldBe("Failed loading schema at a/1.0.0");
        await using var repository = Open(new() { Sources = [_folder.FullPath + "/"] });
        (await repository.GetAsync("a/1.0.0", TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
        (await repository.GetAsync("/a/1.0.0", TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task SchemaWithManyReferences_IsRefusedBeyondTheLimit()
    {
        for (var level = 0; level < 40; level++)
        {
            _folder.Write($"a/{level}.0.0", $"$id: /a/{level}.0.0\n$ref: /a/{level + 1}.0.0");
        }

        _folder.Write("a/40.0.0", "{}");
        (await FaultAsync("/a/0.0.0"))!.ShouldContain("levels deep");
        (await FaultAsync("/a/20.0.0")).ShouldBeNull();
    }

    private static List<SchemaError> Validate(CompiledSchema schema, string json)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(json), out _).ShouldBeTrue();
        var errors = new List<SchemaError>();
        schema.Validate(tape.Root, errors);
        return errors;
    }

    private async Task<CompiledSchema> GetAsync(string uri)
    {
        var lookup = await Repository.GetAsync(uri, TestContext.Current.CancellationToken);
        return lookup.Schema.ShouldNotBeNull(lookup.Fault);
    }

    private async Task<string?> FaultAsync(string uri) =>
        (await Repository.GetAsync(uri, TestContext.Current.CancellationToken)).Fault;

    private SchemaRepository Open(SchemaRepositoryOptions options) => new(options, _time);
}
