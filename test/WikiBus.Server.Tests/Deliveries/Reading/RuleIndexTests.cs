using System.Buffers;
using System.Text;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Sets;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Deliveries.Reading;

/// <summary>How the index finds the subscriptions that want a record.</summary>
public sealed class RuleIndexTests
{
    [Fact]
    public void TenThousandSubscriptions_OfWhichTenMatch_AreFoundWithFewComparisons()
    {
        var matching = Enumerable.Range(10_000, 10).Select(Matching);
        var all = Enumerable.Range(0, 9_990).Select(Other).Concat(matching).ToList();
        var index = new RuleIndex<DreamRules>(all, static rules => [rules]);
        var found = new HashSet<DreamRules>();
        index.Find(
            RecordOf("event://default/deki/pages/update", "http://default/@api/deki/pages/42"), static _ => true,
            found);
        found.ShouldBe(all.TakeLast(10), ignoreOrder: true);
        index.ComparedCount.ShouldBeInRange(10, 50);
    }

    [Theory]
    [InlineData("event://w/a", "http://w/r/1", "", "123")]
    [InlineData("event://w/a", "https://W/R/1", "", "123")]
    [InlineData("event://w/a", "http://w/r/2", "", "13")]
    [InlineData("event://w/a", null, "", "123")]
    [InlineData("event://w/b", null, "", "3")]
    [InlineData("other://w/b", null, "http://two", "2")]
    [InlineData("other://w/b", "http://w/r/9", "http://one http://two", "12")]
    [InlineData("event://w/a", null, "http://nobody", "")]
    public void ChannelResourceAndRecipients_AreMatchedByDreamsRules(
        string channel, string? resource, string recipients, string expected)
    {
        var rules = new Dictionary<string, DreamRules>
        {
            ["1"] = Rules("http://one", "event://w/a", "http://w/r/*"),
            ["2"] = Rules("http://two", "event://w/a", "http://w/r/1"),
            ["3"] = Rules("http://three", "event://*/*"),
        };
        var index = new RuleIndex<string>(rules.Keys, name => [rules[name]]);
        var found = new HashSet<string>();
        index.Find(RecordOf(channel, resource, recipients.Split(' ')), static _ => true, found);
        string.Concat(found.Order()).ShouldBe(expected);
    }

    private static DreamRules Other(int number) => (number % 4) switch
    {
        0 => Rules($"http://r/{number}", $"event://*/deki/other{number}/*"),
        1 => Rules($"http://r/{number}", $"event://default/deki/pages/update{number}"),
        2 => Rules($"http://r/{number}", "event://*/deki/pages/*", $"http://default/@api/deki/pages/{number + 100}"),
        _ => Rules($"http://r/{number}", $"event://wiki{number}/*"),
    };

    private static DreamRules Matching(int number) => (number % 2) == 0
        ? Rules($"http://r/{number}", "event://*/deki/pages/*", "http://*/@api/deki/pages/*")
        : Rules($"http://r/{number}", "event://default/deki/pages/update", "http://default/@api/deki/pages/42");

    private static DreamRules Rules(string recipient, string channel, params string[] resources) => new(
        new SetSubscription("1", [channel], resources, null, null, [new SetRecipient(recipient, null, null)]));

    private static LogRecord RecordOf(string channel, string? resource, params string[] recipients)
    {
        var attributes = new ArrayBufferWriter<byte>();
        var writer = new AttributeWriter(attributes);
        if (resource is not null)
        {
            writer.Add("resource", resource);
        }

        foreach (var recipient in recipients.Where(static recipient => recipient.Length > 0))
        {
            writer.Add("recipient", recipient);
        }

        return new LogRecord
        {
            Position = 1,
            Stream = "deki.pages.update",
            Offset = 0,
            TimeMs = 0,
            Key = default,
            Channel = Encoding.UTF8.GetBytes(channel),
            ContentType = "application/xml"u8.ToArray(),
            Id = default,
            Attributes = attributes.WrittenMemory,
            MetaEnd = -1,
            Payload = "<a/>"u8.ToArray(),
        };
    }
}
