using System.Buffers;
using System.Text;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Sets;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Deliveries.Reading;

/// <summary>How the index finds the subscriptions that want a record.</summary>
public sealed class RuleIndexTests
{
    [Fact]
    public async Task TenThousandSubscriptions_OfWhichTenMatch_AreFoundWithFewComparisons()
    {
        await using var engine = await TestEngine.StartAsync();
        var parts = engine.Get<LaneParts>();
        var lanes = Enumerable.Range(0, 9_990).Select(number => LaneOf(parts, number, Other(number))).ToList();
        lanes.AddRange(Enumerable.Range(10_000, 10).Select(number => LaneOf(parts, number, Matching(number))));
        var index = new RuleIndex(lanes);
        var found = new HashSet<Lane>();
        index.Find(
            RecordOf("event://default/deki/pages/update", "http://default/@api/deki/pages/42"), static _ => true, found);
        found.Select(static lane => lane.Number).Order().ShouldBe(Enumerable.Range(10_000, 10).Select(static n => (long)n));
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
    public async Task ChannelResourceAndRecipients_AreMatchedByDreamsRules(
        string channel, string? resource, string recipients, string expected)
    {
        await using var engine = await TestEngine.StartAsync();
        var parts = engine.Get<LaneParts>();
        var index = new RuleIndex(
        [
            LaneOf(parts, 1, Rules("http://one", "event://w/a", "http://w/r/*")),
            LaneOf(parts, 2, Rules("http://two", "event://w/a", "http://w/r/1")),
            LaneOf(parts, 3, Rules("http://three", "event://*/*")),
        ]);
        var found = new HashSet<Lane>();
        index.Find(RecordOf(channel, resource, recipients.Split(' ')), static _ => true, found);
        string.Concat(found.Select(static lane => lane.Number).Order()).ShouldBe(expected);
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

    private static Lane LaneOf(LaneParts parts, int number, DreamRules rules) => new(
        number,
        new Subscription
        {
            Number = number,
            Id = $"{number}",
            Feature = "dream",
            Owner = Subscription.ConfigurationOwner,
            Definition = "",
            Plan = new SubscriptionPlan([rules], RecordOrder.Key, 1, ExpireAfter: null),
            CreatedAt = default,
            StartPosition = 0,
            Version = 1,
            State = SubscriptionState.Active,
        },
        parts, new LaneCursor(0, 0));

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
