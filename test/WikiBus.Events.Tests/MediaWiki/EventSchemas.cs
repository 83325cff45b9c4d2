using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Events.MediaWiki;
using WikiBus.Json;
using WikiBus.Schemas;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>Validates built events, as the bus does after it filled in <c>meta.dt</c>.</summary>
internal static class EventSchemas
{
    /// <summary>The bus's own schemas.</summary>
    public static SchemaRepositoryOptions BuiltIn => new();

    /// <summary>Wikimedia's recorded schemas, older than the newest events; the test skips without them.</summary>
    public static SchemaRepositoryOptions Wikimedia()
    {
        var folder = Path.Combine(Recordings.Folder, "wikimedia-schemas", "jsonschema");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there.");
        return new SchemaRepositoryOptions { Sources = [folder], IncludeBuiltIn = false };
    }

    /// <summary>Validates the events whose schema is known; returns the known and the unknown schemas.</summary>
    public static async Task<(IReadOnlySet<string> Known, IReadOnlySet<string> Unknown)> ValidateAsync(
        IEnumerable<MediaWikiEvent> events, SchemaRepositoryOptions options)
    {
        var known = new SortedSet<string>(StringComparer.Ordinal);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        await using var repository = new SchemaRepository(options, TimeProvider.System);
        foreach (var built in events)
        {
            var received = JsonNode.Parse(built.Json.Span)!;
            received["meta"]!["dt"] ??= "2026-01-02T03:04:05Z";
            var uri = received["$schema"]!.GetValue<string>();
            var lookup = await repository.GetAsync(uri, TestContext.Current.CancellationToken);
            if (lookup.Schema is not { } schema)
            {
                unknown.Add(uri);
                continue;
            }

            known.Add(uri);
            var tape = new JsonTape();
            tape.TryParse(Encoding.UTF8.GetBytes(received.ToJsonString()), out _).ShouldBeTrue();
            var errors = new List<SchemaError>();
            schema.Validate(tape.Root, errors).ShouldBeTrue($"{received}\n{string.Join('\n', errors)}");
        }

        return (known, unknown);
    }
}
