using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Json;
using WikiBus.Schemas;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>The schemas accept the events of jobs and changes, after the bus filled in <c>meta.dt</c>.</summary>
public sealed class ChangeSchemaTests
{
    [Fact]
    public async Task Events_AreValidByTheBuiltInSchemas() =>
        (await ValidateAsync(new SchemaRepositoryOptions())).ShouldBe(
        [
            "/development/mediawiki_user_change/1.3.0", "/mediawiki/job/1.0.0", "/mediawiki/page/change/1.11.0",
            "/mediawiki/recentchange/1.0.0",
        ]);

    /// <summary>Wikimedia's recorded schemas are older than the newest ones of changes.</summary>
    [Fact]
    public async Task Events_AreValidByTheSchemasOfWikimedia()
    {
        var folder = Path.Combine(Recordings.Folder, "wikimedia-schemas", "jsonschema");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there.");
        (await ValidateAsync(new SchemaRepositoryOptions { Sources = [folder], IncludeBuiltIn = false }))
            .ShouldBe(["/mediawiki/job/1.0.0", "/mediawiki/recentchange/1.0.0"]);
    }

    // Validates the events with a schema that the repository has, and returns these schemas.
    private static async Task<IEnumerable<string>> ValidateAsync(SchemaRepositoryOptions options)
    {
        var known = new SortedSet<string>(StringComparer.Ordinal);
        await using var repository = new SchemaRepository(options, TimeProvider.System);
        foreach (var built in ChangeSamples.All())
        {
            var received = JsonNode.Parse(built.Json.Span)!;
            received["meta"]!["dt"] = "2026-01-02T03:04:05Z";
            var uri = received["$schema"]!.GetValue<string>();
            var lookup = await repository.GetAsync(uri, TestContext.Current.CancellationToken);
            if (lookup.Schema is not { } schema)
            {
                continue;
            }

            known.Add(uri);
            var tape = new JsonTape();
            tape.TryParse(Encoding.UTF8.GetBytes(received.ToJsonString()), out _).ShouldBeTrue();
            var errors = new List<SchemaError>();
            schema.Validate(tape.Root, errors).ShouldBeTrue($"{received}\n{string.Join('\n', errors)}");
        }

        return known;
    }
}
