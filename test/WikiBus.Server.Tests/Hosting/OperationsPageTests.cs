using System.Reflection;
using System.Text.RegularExpressions;
using WikiBus.Server.Options;
using WikiBus.Server.Tests.Tidy;

namespace WikiBus.Server.Tests.Hosting;

/// <summary>
/// The page for operators names every option, every metric and every Error that the program has. The page of the
/// producer names those of the library for wikis.
/// </summary>
public sealed partial class OperationsPageTests
{
    private const string Producer = "WikiBus.Producer";

    private static readonly string s_page = Page("operations.md");
    private static readonly string s_producerPage = Page("producer.md");

    [Fact]
    public void EveryOption_StandsOnThePage()
    {
        var keys = OptionKeys().ToList();

        keys.Count.ShouldBeGreaterThan(30);
        keys.Where(static key => !s_page.Contains($"| `{key}` |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryOptionOnThePage_Exists()
    {
        var keys = OptionKeys().ToHashSet(StringComparer.Ordinal);

        OptionRow().Matches(s_page).Select(static row => row.Groups[1].Value)
            .Where(key => !key.EndsWith('…') && !keys.Contains(key)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryMetric_StandsOnThePage()
    {
        var names = Metrics(Sources(isProducer: false)).Select(static name => name.Replace('.', '_')).ToList();

        names.Count.ShouldBeGreaterThan(10);
        names.Where(static name => !s_page.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryMetricOfTheProducer_StandsOnItsPage()
    {
        var names = Metrics(Sources(isProducer: true)).ToList();

        names.Count.ShouldBeGreaterThan(4);
        names.Where(static name => !s_producerPage.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    public void EveryError_StandsOnThePage(bool isProducer, int countMin)
    {
        var page = isProducer ? s_producerPage : s_page;
        var messages = Sources(isProducer).SelectMany(static text => ErrorMessage().Matches(text))
            .Select(static match => Placeholder().Replace(match.Groups[1].Value, "…")).ToList();

        messages.Count.ShouldBeGreaterThanOrEqualTo(countMin);
        messages.Select(static message => message.Replace("… …", "…", StringComparison.Ordinal))
            .Where(message => !page.Contains(message, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(Tree.Root, "docs", name));

    private static IEnumerable<string> Metrics(IEnumerable<string> sources) => sources
        .SelectMany(static text => MetricLiteral().Matches(text))
        .Select(static match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> OptionKeys() =>
        from type in typeof(IFeatureOptions).Assembly.GetTypes()
        where type.IsClass && type.IsAssignableTo(typeof(IFeatureOptions))
        from property in OptionBinder.Properties(type)
        select $"{Section(type)}:{property.Name}";

    private static string Section(Type options) =>
        (string)options.GetProperty(nameof(IFeatureOptions.Section), BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null)!;

    private static IEnumerable<string> Sources(bool isProducer) => Directory
        .EnumerateFiles(Path.Combine(Tree.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => path.Contains(Producer, StringComparison.Ordinal) == isProducer).Select(File.ReadAllText);

    [GeneratedRegex(@"\| `([A-Z][A-Za-z]+:[^`]+)` \|", RegexOptions.None, 1000)]
    private static partial Regex OptionRow();

    [GeneratedRegex("""
        "(wikibus[._][a-z]+[._][a-z_.]+)"
        """, RegexOptions.None, 1000)]
    private static partial Regex MetricLiteral();

    [GeneratedRegex("""
        LogLevel\.(?:Error|Critical),\s*(?:Message = )?"([^"]+)"
        """, RegexOptions.None, 1000)]
    private static partial Regex ErrorMessage();

    [GeneratedRegex(@"\{[A-Za-z]+\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
