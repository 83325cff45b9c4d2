using System.Text.RegularExpressions;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>The lines for LocalSettings.php are the same in the README and in the sample.</summary>
public sealed partial class SampleSettingsTests
{
    private static readonly string s_sample =
        File.ReadAllText(Path.Combine(Tree.Root, "samples", "LocalSettings.php"));

    [Fact]
    public void Readme_HasTheLinesOfTheSample()
    {
        var block = PhpBlock().Match(File.ReadAllText(Path.Combine(Tree.Root, "README.md"))).Groups[1].Value;

        Code(block).ShouldBe(Code(s_sample));
        Code(block).ShouldContain("$wgEventServices=");
    }

    [Theory]
    [InlineData("$wgJobTypeConf['default']")]
    [InlineData("$wgEventRelayerConfig['cdn-url-purges']")]
    [InlineData("$wgEventBusEnableRunJobAPI")]
    [InlineData("$wgEnableRestAPI")]
    [InlineData("$wgDebugLogGroups['http']")]
    [InlineData("$wgDebugLogGroups['EventBus']")]
    public void Sample_HasTheSettingAsAComment(string setting) =>
        s_sample.Split('\n').Select(static line => line.Replace(" ", "", StringComparison.Ordinal))
            .ShouldContain(line => line.StartsWith("#" + setting, StringComparison.Ordinal));

    [Fact]
    public void Sample_SaysThatNobodyRunsJobs() => s_sample.ShouldContain("nobody runs");

    /// <summary>The code without comments and white space.</summary>
    private static string Code(string php) => WhiteSpace().Replace(
        string.Concat(php.Split('\n').Where(static line => !line.StartsWith('#') && line != "<?php")), "");

    [GeneratedRegex("```php\n(.*?)```", RegexOptions.Singleline, 1000)]
    private static partial Regex PhpBlock();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex WhiteSpace();
}
