using System.Text;
using System.Text.Json;
using WikiBus.Json;

namespace WikiBus.Schemas.Tests.Rules;

/// <summary>Runs files of the official JSON Schema test suite.</summary>
internal static class OfficialSuite
{
    private const string RemotePrefix = "http://localhost:1234/";

    /// <summary>The files of a draft's folder, without the folders below.</summary>
    public static IEnumerable<string> FilesOf(string draft, string folder = "")
    {
        var path = Path.Combine(Conformance.PathOf("json-schema-test-suite", "tests", draft), folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path,
                "*.json").Select(file => Path.Combine(folder, Path.GetFileName(file))).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Runs a file; returns the tests with wrong results, and the number of all tests.</summary>
    public static (List<string> Failures, int Count) Run(string draft, string file, FormatRules formats)
    {
        var path = Conformance.PathOf("json-schema-test-suite", "tests", draft, file);
        using var groups = JsonDocument.Parse(File.ReadAllBytes(path));
        var failures = new List<string>();
        var count = 0;
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var compiled = SchemaCompiler.Compile(Encoding.UTF8.GetBytes(group.GetProperty("schema").GetRawText()),
                OptionsOf(draft, formats));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                var name = $"{group.GetProperty("description")} / {test.GetProperty("description")}";
                if (compiled.Schema is null)
                {
                    failures.Add($"{name}: {compiled.Fault}");
                }
                else if (Validate(compiled.Schema,
                    test.GetProperty("data").GetRawText()) != test.GetProperty("valid").GetBoolean())
                {
                    failures.Add($"{name}: valid should be {test.GetProperty("valid")}");
                }
            }
        }
        return (failures, count);
    }

    private static bool Validate(CompiledSchema schema, string data)
    {
        var tape = new JsonTape();
        tape.TryParse(Encoding.UTF8.GetBytes(data), out var fault).ShouldBeTrue(fault.Message);
        var errors = new List<SchemaError>();
        var isValid = schema.Validate(tape.Root, errors);
        schema.Validate(tape.Root).ShouldBe(isValid);
        errors.Count.ShouldBe(isValid ? 0 : errors.Count);
        (errors.Count > 0).ShouldBe(!isValid, $"an invalid value has errors: {data}");
        return isValid;
    }

    private static SchemaCompilerOptions OptionsOf(string draft, FormatRules formats) => new()
    {
        DefaultDialect = draft == "draft7" ? SchemaDialect.Draft7 : SchemaDialect.Draft202012,
        Formats = formats,
        RefuseUnknownFormats = false,
        FillDefaults = false,
        Resolve = uri =>
            uri.StartsWith(RemotePrefix, StringComparison.Ordinal) ? Remote(uri[RemotePrefix.Length..]) : default,
    };

    private static ReadOnlyMemory<byte>? Remote(string name)
    {
        var path = Path.Combine(Conformance.PathOf("json-schema-test-suite", "remotes"), name);
        if (!File.Exists(path))
        {
            return null;
        }

        return File.ReadAllBytes(path);
    }
}
