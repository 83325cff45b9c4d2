using System.Text;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Tests.Filters;

/// <summary>A table of patterns finds the same as a comparison with each pattern.</summary>
public sealed class UriTableTests
{
    private static readonly string[] s_hosts = ["a", "A", "b", "*", "", "a:80", "a:8080", "u@a"];
    private static readonly string[] s_segments = ["x", "X", "y", "*", "", "x*", "Ä", "ä"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RandomPatterns_AreFoundAsByComparison(bool hasScheme)
    {
        var random = new Random(20260102);
        for (var round = 0; round < 200; round++)
        {
            var table = new UriTable<List<string>>();
            var patterns = new List<ChannelPattern>();
            for (var index = 0; index < 30; index++)
            {
                var text = RandomUri(random, isPattern: true);
                ChannelPattern.TryParse(text, out var pattern, out _).ShouldBeTrue(text);
                patterns.Add(pattern!);
                table[pattern!.KeyOf(hasScheme)].Add(text);
            }

            for (var index = 0; index < 30; index++)
            {
                var uri = Encoding.UTF8.GetBytes(RandomUri(random, isPattern: false));
                UriKey.TryRead(uri, hasScheme, out var key).ShouldBeTrue();
                var found = new List<List<string>>();
                table.Find(key, found);
                var expected = patterns.FindAll(
                    pattern => hasScheme ? pattern.Matches(uri) : pattern.MatchesAnyScheme(uri));
                found.SelectMany(static texts => texts).Distinct().Order(StringComparer.Ordinal).ShouldBe(
                    expected.Select(static pattern => pattern.ToString()).Distinct().Order(StringComparer.Ordinal),
                    Encoding.UTF8.GetString(uri));
            }
        }
    }

    [Fact]
    public void AUriWithoutScheme_IsNotFound() => UriKey.TryRead("a/b"u8, hasScheme: true, out _).ShouldBeFalse();

    private static string RandomUri(Random random, bool isPattern)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "HTTP://" : random.Next(3) == 0 ? "event://" : "http://");
        text.Append(s_hosts[random.Next(s_hosts.Length)]);
        for (var left = random.Next(4); left > 0; left--)
        {
            text.Append('/').Append(s_segments[random.Next(s_segments.Length)]);
        }

        text.Append(isPattern && random.Next(2) == 0 ? "/*" : "");
        return text.Append(random.Next(10) == 0 ? "?q/x" : random.Next(10) == 0 ? "#f" : "").ToString();
    }
}
