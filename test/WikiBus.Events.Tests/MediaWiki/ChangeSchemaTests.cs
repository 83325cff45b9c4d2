namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>The schemas accept the events of jobs, recent changes, and changes of pages and users.</summary>
public sealed class ChangeSchemaTests
{
    [Fact]
    public async Task Events_AreValidByTheBuiltInSchemas()
    {
        var (known, unknown) = await EventSchemas.ValidateAsync(ChangeSamples.All(), EventSchemas.BuiltIn);
        known.ShouldBe(
        [
            "/development/mediawiki_user_change/1.3.0", "/mediawiki/job/1.0.0", "/mediawiki/page/change/1.11.0",
            "/mediawiki/recentchange/1.0.0",
        ]);
        unknown.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_AreValidByTheSchemasOfWikimedia()
    {
        var (known, unknown) = await EventSchemas.ValidateAsync(ChangeSamples.All(), EventSchemas.Wikimedia());
        known.ShouldBe(["/mediawiki/job/1.0.0", "/mediawiki/recentchange/1.0.0"]);
        unknown.ShouldBe(["/development/mediawiki_user_change/1.3.0", "/mediawiki/page/change/1.11.0"]);
    }
}
