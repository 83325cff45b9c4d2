namespace WikiBus.Schemas.Tests.Rules;

public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("draft7", 927)]
    [InlineData("draft2020-12", 1299)]
    public void RequiredTests_AllPass(string draft, int leastCount)
    {
        var failures = new List<string>();
        var total = 0;
        foreach (var file in OfficialSuite.FilesOf(draft))
        {
            var (failed, count) = OfficialSuite.Run(draft, file, FormatRules.Ignore);
            failures.AddRange(failed.Select(failure => $"{file}: {failure}"));
            total += count;
        }
        output.WriteLine($"{draft}: {total} required tests");
        failures.ShouldBeEmpty();
        total.ShouldBeGreaterThanOrEqualTo(leastCount);
    }

    /// <summary>Tests of optional features are listed with their results.</summary>
    [Theory]
    [InlineData("draft7")]
    [InlineData("draft2020-12")]
    public void OptionalTests_AreListed(string draft)
    {
        foreach (var file in OfficialSuite.FilesOf(draft, "optional"))
        {
            List(draft, file, FormatRules.Ignore);
        }

        foreach (var file in OfficialSuite.FilesOf(draft, Path.Combine("optional", "format")))
        {
            List(draft, file, FormatRules.Strict);
        }
    }

    private void List(string draft, string file, FormatRules formats)
    {
        var (failures, count) = OfficialSuite.Run(draft, file, formats);
        output.WriteLine($"{draft}/{file}: {count - failures.Count} of {count} pass");
        foreach (var failure in failures)
        {
            output.WriteLine($"    {failure}");
        }
    }
}
