using System.Text;
using WikiBus.Json;

namespace WikiBus.Schemas.Tests.BuiltIn;

public sealed class BuiltInSchemaTests
{
    public static TheoryData<string> Uris() => [.. SchemaRepository.BuiltInUris];

    /// <summary>The events of the wikis name exactly these schemas.</summary>
    [Fact]
    public void EverySchemaThatMediaWikiNames_IsBuiltIn()
    {
        string[] sent =
        [
            "/mediawiki/revision/create/1.0.0", "/mediawiki/revision/create/1.1.0", "/mediawiki/revision/create/2.0.0",
            "/mediawiki/page/delete/1.0.0", "/mediawiki/page/undelete/1.0.0", "/mediawiki/page/move/1.0.0",
            "/mediawiki/page/properties-change/1.0.0", "/mediawiki/page/links-change/1.0.0",
            "/mediawiki/page/restrictions-change/1.0.0", "/mediawiki/page/restrictions-change/2.0.0",
            "/mediawiki/revision/tags-change/1.0.0", "/mediawiki/revision/visibility-change/1.0.0",
            "/mediawiki/revision/recommendation-create/1.0.0",
            "/mediawiki/user/blocks-change/1.0.0", "/mediawiki/user/blocks-change/1.1.0",
            "/resource_change/1.0.0", "/mediawiki/recentchange/1.0.0", "/mediawiki/recentchange/1.0.1",
            "/mediawiki/job/1.0.0",
            .. Enumerable.Range(0, 12).Select(static minor => $"/mediawiki/page/change/1.{minor}.0"),
            "/development/mediawiki_user_change/1.3.0",
            "/mediawiki/centralnotice/campaign/create/1.0.0", "/mediawiki/centralnotice/campaign/change/1.0.0",
            "/mediawiki/centralnotice/campaign/delete/1.0.0",
            "/error/0.0.3", "/error/1.0.0", "/error/2.0.0", "/error/2.1.0", "/test/event/1.0.0",
        ];
        sent.Except(SchemaRepository.BuiltInUris, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Uris))]
    public async Task Schema_NamesItselfAndItsExamplesValidate(string uri)
    {
        await using var repository = new SchemaRepository(new SchemaRepositoryOptions(), TimeProvider.System);
        var lookup = await repository.GetAsync(uri, TestContext.Current.CancellationToken);
        var schema = lookup.Schema.ShouldNotBeNull(lookup.Fault);
        schema.Id.ShouldBe(uri);
        schema.Title.ShouldBe(uri[1..uri.LastIndexOf('/')]);

        var tape = new JsonTape();
        var text = await repository.GetTextAsync(uri, TestContext.Current.CancellationToken);
        tape.TryParse(text.ShouldNotBeNull().Json, out _).ShouldBeTrue();
        tape.Root["description"u8].Kind.ShouldBe(JsonKind.String);
        var examples = tape.Root["examples"u8];
        examples.Count.ShouldBe(uri.StartsWith("/fragment/", StringComparison.Ordinal) ? 0 : 1);
        foreach (var example in examples)
        {
            var errors = new List<SchemaError>();
            schema.Validate(example, errors).ShouldBeTrue(string.Join("\n", errors));
            example["$schema"u8].GetString().ShouldBe(uri);
        }
    }

    [Theory]
    [InlineData("1.0.0", false, false, true)]
    [InlineData("1.1.0", true, false, true)]
    [InlineData("1.2.0", true, false, false)]
    [InlineData("1.10.0", true, true, false)]
    public async Task Family_HasMembersOfItsVersionOnly(
        string version, bool hasLink, bool hasReverted, bool requiresPerformer)
    {
        await using var repository = new SchemaRepository(new SchemaRepositoryOptions(), TimeProvider.System);
        var text =
            await repository.GetTextAsync("/mediawiki/page/change/" + version, TestContext.Current.CancellationToken);
        var json = Encoding.UTF8.GetString(text!.Json.Span);
        json.Contains("redirect_page_link", StringComparison.Ordinal).ShouldBe(hasLink);
        json.Contains("rev_reverted_oldest_id", StringComparison.Ordinal).ShouldBe(hasReverted);
        json.ShouldNotContain("since");
        json.ShouldNotContain("until");
        var tape = new JsonTape();
        tape.TryParse(text.Json, out _).ShouldBeTrue();
        tape.Root["required"u8].ToString().Contains("performer", StringComparison.Ordinal).ShouldBe(requiresPerformer);
    }

    [Theory]
    [InlineData("/mediawiki/page/change/1.12.0")]
    [InlineData("/mediawiki/page/change/latest")]
    [InlineData("/mediawiki/page/change/family")]
    public async Task VersionThatTheFamilyLacks_IsNotFound(string uri)
    {
        await using var repository = new SchemaRepository(new SchemaRepositoryOptions(), TimeProvider.System);
        (await repository.GetTextAsync(uri, TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
