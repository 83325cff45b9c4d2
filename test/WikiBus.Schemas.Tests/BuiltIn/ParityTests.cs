using System.Text.Json;
using System.Text.Json.Nodes;
using WikiBus.Json;

namespace WikiBus.Schemas.Tests.BuiltIn;

/// <summary>The built-in schemas and Wikimedia's accept and refuse the same events.</summary>
public sealed class ParityTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int MutationsPerEvent = 20;
    private const int MutationsPerExample = 500;
    private const int DifferencesShown = 20;

    private readonly int _seed = Fuzzer.SeedFromEnvironment();

    private readonly SchemaRepository _ours = new(new SchemaRepositoryOptions(), TimeProvider.System);
    private readonly List<string> _differences = [];
    private SchemaRepository? _theirs;
    private string _folder = "";
    private int _valid;
    private int _invalid;

    public ValueTask InitializeAsync()
    {
        _folder = Conformance.PathOf("wikimedia-schemas/jsonschema");
        var options = new SchemaRepositoryOptions { Sources = [_folder], IncludeBuiltIn = false };
        _theirs = new SchemaRepository(options, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        if (_theirs is not null)
        {
            await _theirs.DisposeAsync();
        }
    }

    [Fact]
    public async Task RecordedEvents_AndTheirMutations_AreJudgedAlike()
    {
        var mutator = NewMutator();
        foreach (var request in Conformance.ReadLines("mediawiki-capture.jsonl"))
        {
            foreach (var recorded in JsonNode.Parse(request.GetProperty("body").GetString()!)!.AsArray())
            {
                await CompareAsync(mutator, recorded!.AsObject(), MutationsPerEvent, isValid: true);
            }
        }
        Report();
        (_valid + _invalid).ShouldBe(2_068 * (MutationsPerEvent + 1));
    }

    [Fact]
    public async Task Examples_AndTheirMutations_AreJudgedAlike()
    {
        var mutator = NewMutator();
        foreach (var uri in SchemaRepository.BuiltInUris.Where(uri => File.Exists($"{_folder}{uri}.yaml")))
        {
            foreach (var example in (await ExamplesAsync(_ours, uri)).Concat(await ExamplesAsync(_theirs!, uri)))
            {
                await CompareAsync(mutator, example, MutationsPerExample, isValid: null);
            }
        }
        Report();
        (_valid + _invalid).ShouldBeGreaterThan(10_000);
    }

    private EventMutator NewMutator()
    {
        output.WriteLine($"WIKIBUS_FUZZ_SEED={_seed}");
        return new EventMutator(new Random(_seed), SchemaMemberNames.Read(_folder));
    }

    private static async Task<IEnumerable<JsonObject>> ExamplesAsync(SchemaRepository repository, string uri)
    {
        var text = await repository.GetTextAsync(uri, TestContext.Current.CancellationToken);
        return JsonNode.Parse(text!.Json.Span)!["examples"]?.AsArray().Select(static example => example!.AsObject())
            ?? [];
    }

    private async Task CompareAsync(EventMutator mutator, JsonObject original, int mutations, bool? isValid)
    {
        var uri = original["$schema"]!.GetValue<string>();
        var ours = await _ours.GetAsync(uri, TestContext.Current.CancellationToken);
        var theirs = await _theirs!.GetAsync(uri, TestContext.Current.CancellationToken);
        var our = ours.Schema.ShouldNotBeNull($"{uri}: {ours.Fault}");
        var their = theirs.Schema.ShouldNotBeNull($"{uri}: {theirs.Fault}");
        var verdict = Compare(our, their, original, $"{uri} as it is");
        (isValid ?? verdict).ShouldBe(verdict, uri);
        for (var mutation = 0; mutation < mutations; mutation++)
        {
            var mutated = original.DeepClone().AsObject();
            Compare(our, their, mutated, $"{uri} {mutator.Mutate(mutated)}");
        }
    }

    private bool Compare(CompiledSchema our, CompiledSchema their, JsonObject subject, string what)
    {
        var tape = new JsonTape();
        tape.TryParse(JsonSerializer.SerializeToUtf8Bytes(subject), out _).ShouldBeTrue();
        var (ourErrors, theirErrors) = (new List<SchemaError>(), new List<SchemaError>());
        var isValid = their.Validate(tape.Root, theirErrors);
        if (our.Validate(tape.Root, ourErrors) != isValid)
        {
            _differences.Add($"{what}\n  ours:   {Describe(ourErrors)}\n  theirs: {Describe(theirErrors)}");
        }

        _ = isValid ? _valid++ : _invalid++;
        return isValid;
    }

    private static string Describe(List<SchemaError> errors) =>
        errors.Count == 0
            ? "valid"
            : string.Join(", ", errors.Select(static error => $"{error.DataPath} {error.Message} {error.SchemaPath}"));

    private void Report()
    {
        output.WriteLine($"{_valid} valid, {_invalid} invalid, {_differences.Count} judged differently");
        _differences.Take(DifferencesShown).ShouldBeEmpty();
    }
}
