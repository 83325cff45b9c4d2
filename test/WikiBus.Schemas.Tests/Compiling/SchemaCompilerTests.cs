using System.Text;
using WikiBus.Json.Tests;
using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Tests.Compiling;

public sealed class SchemaCompilerTests
{
    [Theory]
    [InlineData("{\"type\":\"objekt\"}", "schema is invalid: data.type should be equal to one of the allowed values")]
    [InlineData("{\"properties\":{\"a\":{\"minLength\":-1}}}", "data.properties['a'].minLength should be >= 0")]
    [InlineData("[1]", "schema should be object or boolean")]
    [InlineData("{\"a\":", "the schema is no JSON")]
    [InlineData("{\"type\":\"string\",\"type\":\"null\"}", "twice")]
    [InlineData("{\"$ref\":\"#/definitions/none\"}", "can't resolve reference #/definitions/none")]
    [InlineData("{\"$ref\":\"#\"}", "a reference without end")]
    [InlineData("{\"allOf\":[{\"anyOf\":[{\"$ref\":\"#/allOf/0\"}]}]}", "a reference without end at #/allOf/0/anyOf/0")]
    [InlineData("{\"properties\":{\"s\":{\"format\":\"no-such-format\"}}}",
        "unknown format \"no-such-format\" is used in schema at path \"#/properties/s\"")]
    [InlineData("{\"properties\":{\"s\":{\"pattern\":\"(?=a)b\"}}}", "insecure unless a maxLength")]
    [InlineData("{\"pattern\":\"a{99999}\"}", "unfolds to too many parts")]
    [InlineData("{\"pattern\":\"(\"}", "schema is invalid: data.pattern should match format \"regex\"")]
    [InlineData("{\"properties\":{\"a\":{\"default\":{},\"$ref\":\"#\"}}}", "the default of \"a\" calls")]
    [InlineData("{\"properties\":{\"a\":{\"default\":{},\"allOf\":[{\"$ref\":\"#\"}]}}}",
        "further defaults without end")]
    public void FaultySchema_IsRefusedWithItsPlace(string schema, string fault) =>
        TestJson.FaultOf(schema).ShouldContain(fault);

    [Theory]
    [InlineData("{\"pattern\":\"a\"}", "pattern and format need maxLength")]
    [InlineData("{\"items\":{\"properties\":{\"a\":{\"format\":\"date\"}}}}", "#/items/properties/a")]
    [InlineData("{\"patternProperties\":{\"a\":{}}}", "patternProperties needs propertyNames")]
    [InlineData("{\"uniqueItems\":true}", "uniqueItems over objects")]
    [InlineData("{\"uniqueItems\":true,\"items\":{\"type\":\"string\"}}", null)]
    [InlineData("{\"pattern\":\"a\",\"maxLength\":9}", null)]
    public void InsecureSchema_IsRefusedOnRequest(string schema, string? fault)
    {
        TestJson.Compile(schema).ShouldNotBeNull();
        var options = new SchemaCompilerOptions { RefuseInsecure = true };
        if (fault is null)
        {
            TestJson.Compile(schema, options).ShouldNotBeNull();
        }
        else
        {
            TestJson.FaultOf(schema, options).ShouldContain(fault);
        }
    }

    [Fact]
    public void MissingDocuments_AreAllListed()
    {
        var schema = """
            {"$id":"/a/1.0.0","allOf":[{"$ref":"/b/1.0.0#"},{"$ref":"c"},{"$ref":"/b/1.0.0#/definitions/x"}]}
            """u8;
        var compilation = SchemaCompiler.Compile(schema.ToArray(), new SchemaCompilerOptions());
        compilation.Schema.ShouldBeNull();
        compilation.MissingUris.ShouldBe(["/a/c", "/b/1.0.0"]);
    }

    [Fact]
    public void ReferencesAcrossDocuments_AreResolved()
    {
        var other = """{"$id":"/b/1.0.0","definitions":{"n":{"type":"number"}}}"""u8.ToArray();
        var schema = TestJson.Compile(
            "{\"$id\":\"/a/1.0.0\",\"title\":\"a\",\"properties\":{\"x\":{\"$ref\":\"/b/1.0.0#/definitions/n\"}}}",
            new SchemaCompilerOptions
            {
                Resolve = uri => uri == "/b/1.0.0"
                    ? new ReadOnlyMemory<byte>(other)
                    : default(ReadOnlyMemory<byte>?),
            });
        (schema.Id, schema.Title).ShouldBe(("/a/1.0.0", "a"));
        schema.IsValid("{\"x\":1}").ShouldBeTrue();
        var errors = new List<SchemaError>();
        schema.Validate(TestTape.Parse("{\"x\":\"1\"}"), errors);
        errors[0].SchemaPath.ShouldBe("/b/1.0.0#/definitions/n/type");
    }

    [Fact]
    public void Properties_AreFoundThroughReferencesAndAllOf()
    {
        var schema = TestJson.Compile("""
            {"definitions":{"m":{"properties":{"dt":{}}}},
             "allOf":[{"properties":{"meta":{"$ref":"#/definitions/m"}}},
                      {"properties":{"meta":{"allOf":[{"properties":{"id":{}}}]}}}]}
            """);
        schema.HasProperty("meta", "dt").ShouldBeTrue();
        schema.HasProperty("meta", "id").ShouldBeTrue();
        schema.HasProperty("meta", "uri").ShouldBeFalse();
        schema.HasProperty("dt").ShouldBeFalse();
        schema.PropertyIndex("meta", "uri").ShouldBe(-1);
        schema.PropertyIndex("dt").ShouldBe(-1);
        schema.PropertyIndex().ShouldBe(-1);
    }

    [Fact]
    public void PropertyIndex_IsTheOrderInWhichPropertiesNamesThem()
    {
        var schema = TestJson.Compile("""
            {"required":["meta"],"properties":{"z":{},"meta":{"allOf":[{"properties":{"dt":{},"id":{}}},
             {"properties":{"id":{},"a":{}}}]}}}
            """);
        schema.PropertyIndex("meta").ShouldBe(1);
        schema.PropertyIndex("meta", "dt").ShouldBe(0);
        schema.PropertyIndex("meta", "id").ShouldBe(1);
        schema.PropertyIndex("meta", "a").ShouldBe(2);
    }

    [Theory]
    [InlineData("http://json-schema.org/draft-04/schema#", "{\"const\":1}", "2", true)]
    [InlineData("http://json-schema.org/draft-04/schema#", "{\"maximum\":5,\"exclusiveMaximum\":true}", "5", false)]
    [InlineData("http://json-schema.org/draft-04/schema#",
        "{\"id\":\"http://x/\",\"definitions\":{\"a\":{\"id\":\"y\",\"type\":\"null\"}},\"not\":{\"$ref\":\"y\"}}",
        "null", false)]
    [InlineData("http://json-schema.org/draft-06/schema#", "{\"const\":1}", "2", false)]
    [InlineData("http://json-schema.org/draft-06/schema#", "{\"contains\":{\"type\":\"null\"}}", "[1]", false)]
    [InlineData("http://json-schema.org/draft-06/schema#", "{\"if\":true,\"then\":false}", "1", true)]
    [InlineData("https://json-schema.org/draft-07/schema#", "{\"if\":true,\"then\":false}", "1", false)]
    [InlineData("https://json-schema.org/draft/2020-12/schema",
        "{\"prefixItems\":[{\"type\":\"null\"}],\"items\":false}", "[null,1]", false)]
    public void Dialect_DecidesWhichKeywordsCount(string dialect, string schema, string value, bool isValid) =>
        TestJson.Compile($"{{\"$schema\":\"{dialect}\",{schema[1..]}").IsValid(value).ShouldBe(isValid);

    [Fact]
    public void EveryMetaschema_IsValidByItself()
    {
        foreach (var uri in (string[])["http://json-schema.org/draft-04/schema",
            "http://json-schema.org/draft-06/schema",
            "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft/2020-12/schema"])
        {
            var schema = TestJson.Compile($"{{\"$ref\":\"{uri}#\"}}");
            schema.Validate(TestTape.Parse(Encoding.UTF8.GetString(Metaschemas.Find(uri)!.Value.Span)))
                .ShouldBeTrue(uri);
            schema.IsValid("{\"type\":\"objekt\"}").ShouldBeFalse(uri);
        }
    }
}
