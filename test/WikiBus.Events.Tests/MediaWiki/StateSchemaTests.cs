using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>The schemas accept the state events.</summary>
public sealed class StateSchemaTests
{
    [Theory]
    [InlineData(EventGeneration.Current)]
    [InlineData(EventGeneration.Rel139)]
    public async Task StateEvents_AreValidByTheBuiltInSchemas(EventGeneration generation)
    {
        var (known, unknown) = await EventSchemas.ValidateAsync(StateSamples.All(generation), EventSchemas.BuiltIn);
        known.Count.ShouldBe(10);
        unknown.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EventGeneration.Current, 9, "/mediawiki/page/restrictions-change/2.0.0")]
    [InlineData(EventGeneration.Rel139, 10)]
    public async Task StateEvents_AreValidByTheSchemasOfWikimedia(
        EventGeneration generation, int knownCount, params string[] expectedUnknown)
    {
        var (known, unknown) = await EventSchemas.ValidateAsync(StateSamples.All(generation), EventSchemas.Wikimedia());
        known.Count.ShouldBe(knownCount);
        unknown.ShouldBe(expectedUnknown);
    }
}
