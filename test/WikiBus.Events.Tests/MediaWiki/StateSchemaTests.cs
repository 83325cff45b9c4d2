using System.Text;
using System.Text.Json;
using WikiBus.Events.MediaWiki;
using WikiBus.Json;
using WikiBus.Schemas;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>The schemas accept the state events, after the bus filled in <c>meta.dt</c>.</summary>
public sealed class StateSchemaTests
{
    [Theory]
    [InlineData(EventGeneration.Current)]
    [InlineData(EventGeneration.Rel139)]
    public async Task StateEvents_AreValidByTheBuiltInSchemas(EventGeneration generation)
    {
        var schemas = await ValidateAsync(generation, new SchemaRepositoryOptions());
        schemas.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData(EventGeneration.Current, 9)]
    [InlineData(EventGeneration.Rel139, 10)]
    public async Task StateEvents_AreValidByTheSchemasOfWikimedia(EventGeneration generation, int knownCount)
    {
        var folder = Path.Combine(Recordings.Folder, "wikimedia-schemas", "jsonschema");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there.");
        var options = new SchemaRepositoryOptions { Sources = [folder], IncludeBuiltIn = false };
        var schemas = await ValidateAsync(generation, options);
        schemas.Count.ShouldBe(knownCount);
    }

    // Validates the events with a schema that the repository has, and returns these schemas.
    private static async Task<HashSet<string>> ValidateAsync(
        EventGeneration generation, SchemaRepositoryOptions options)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var repository = new SchemaRepository(options, TimeProvider.System);
        foreach (var built in StateSamples.All(generation))
        {
            var json = Filled(built);
            using var document = JsonDocument.Parse(json);
            var uri = document.RootElement.GetProperty("$schema").GetString()!;
            var lookup = await repository.GetAsync(uri, TestContext.Current.CancellationToken);
            if (lookup.Schema is not { } schema)
            {
                uri.ShouldBe("/mediawiki/page/restrictions-change/2.0.0", lookup.Fault);
                continue;
            }

            known.Add(uri);
            var tape = new JsonTape();
            tape.TryParse(json, out var fault).ShouldBeTrue(fault.Message);
            var errors = new List<SchemaError>();
            schema.Validate(tape.Root, errors).ShouldBeTrue(string.Join('\n', errors.Select(static e => $"{e}")) + uri);
        }

        return known;
    }

    private static byte[] Filled(MediaWikiEvent built)
    {
        const string Time = "\"dt\":\"2026-01-02T03:04:05Z\",";
        var json = StateSamples.Text(built);
        return Encoding.UTF8.GetBytes(json.Contains(Time + "\"domain\"", StringComparison.Ordinal)
            ? json
            : json.Replace("\"meta\":{", "\"meta\":{" + Time, StringComparison.Ordinal));
    }
}
