using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using WikiBus.Json.Tests;

namespace WikiBus.Schemas.Tests;

/// <summary>Compiles schemas and validates values in one call.</summary>
internal static class TestJson
{
    public static CompiledSchema Compile(string schema, SchemaCompilerOptions? options = null)
    {
        var compilation = SchemaCompiler.Compile(Encoding.UTF8.GetBytes(schema),
            options ?? new SchemaCompilerOptions());
        return compilation.Schema.ShouldNotBeNull(compilation.Fault);
    }

    public static string FaultOf(string schema, SchemaCompilerOptions? options = null) =>
        SchemaCompiler.Compile(Encoding.UTF8.GetBytes(schema),
            options ?? new SchemaCompilerOptions()).Fault.ShouldNotBeNull();

    public static bool IsValid(this CompiledSchema schema, string value) => schema.Validate(TestTape.Parse(value));

    /// <summary>The errors as ajv's JSON.</summary>
    public static JsonArray ToJson(IEnumerable<SchemaError> errors)
    {
        var array = new JsonArray();
        foreach (var error in errors)
        {
            var item = new JsonObject
            {
                ["keyword"] = error.Keyword,
                ["dataPath"] = error.DataPath,
                ["schemaPath"] = error.SchemaPath,
                ["params"] = JsonNode.Parse(error.ParamsJson),
                ["message"] = error.Message,
            };
            if (error.PropertyName is not null)
            {
                item["propertyName"] = error.PropertyName;
            }

            array.Add((JsonNode)item);
        }
        return array;
    }

    /// <summary>A text with defaults inserted as by intake.</summary>
    public static string Splice(string text, IReadOnlyList<SchemaDefault> defaults)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        var shift = 0;
        var filled = new HashSet<int>();
        foreach (var member in defaults)
        {
            var needsComma = !filled.Add(member.ObjectEnd) || !member.ObjectIsEmpty;
            byte[] insertion = [.. needsComma ? ","u8 : default, .. member.MemberJson.Span];
            bytes.InsertRange(member.ObjectEnd + shift, insertion);
            shift += insertion.Length;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>A file in this project's folder Data.</summary>
    public static string ReadData(string name) => File.ReadAllText(Path.Combine(ProjectFolder(), "Data", name));

    private static string ProjectFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
