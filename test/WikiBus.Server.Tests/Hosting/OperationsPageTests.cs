using System.Reflection;
using System.Text.RegularExpressions;
using WikiBus.Server.Options;
using WikiBus.Server.Tests.Tidy;

namespace WikiBus.Server.Tests.Hosting;

/// <summary>The page for operators names every option, every metric and every Error that the program has.</summary>
public sealed partial class OperationsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Tree.Root, "docs", "operations.md"));

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
        var names = Sources().SelectMany(static text => MetricLiteral().Matches(text))
            .Select(static match => match.Groups[1].Value.Replace('.', '_')).Distinct(StringComparer.Ordinal).ToList();

        names.Count.ShouldBeGreaterThan(10);
        names.Where(static name => !s_page.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryError_StandsOnThePage()
    {
        var messages = Sources().SelectMany(static text => ErrorMessage().Matches(text))
            .Select(static match => Placeholder().Replace(match.Groups[1].Value, "…")).ToList();

        messages.Count.ShouldBeGreaterThan(3);
        messages.Select(static message => message.Replace("… …", "…", StringComparison.Ordinal))
            .Where(static message => !s_page.Contains(message, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> OptionKeys() =>
        from type in typeof(IFeatureOptions).Assembly.GetTypes()
        where type.IsClass && type.IsAssignableTo(typeof(IFeatureOptions))
        from property in OptionBinder.Properties(type)
        select $"{Section(type)}:{property.Name}";

    private static string Section(Type options) =>
        (string)options.GetProperty(nameof(IFeatureOptions.Section), BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null)!;

    private static IEnumerable<string> Sources() => Directory
        .EnumerateFiles(Path.Combine(Tree.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);

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
