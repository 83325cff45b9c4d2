using System.Buffers;
using System.Text;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Filters;
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

    [Fact]
    public void EqualRules_AreEvaluatedOnce_AndFindEachOfTheirTargets()
    {
        var index = new RuleIndex<string>(["1", "2", "3"], static _ => [Json("n=1")]);
        Find(index, JsonRecord("{\"n\":1}")).ShouldBe("123");
        index.EvaluatedCount.ShouldBe(1);
    }

    [Fact]
    public void TargetsThatAreNotAskedFor_AreNotEvaluated()
    {
        var index = new RuleIndex<string>(
            ["1", "2"], static name => name == "1" ? [Json("n=1")] : [Rules("http://two", "event://w/*")]);
        var found = new HashSet<string>();
        index.Find(JsonRecord("{\"n\":1}"), static name => name == "2", found);
        found.ShouldBe(["2"]);
        index.EvaluatedCount.ShouldBe(0);
    }

    [Fact]
    public void RulesWithoutPatterns_AreFoundByTheirStreamAndFilters_ForEachRecordAlone()
    {
        var rules = new Dictionary<string, RecordRules>
        {
            ["1"] = Json("n=1"),
            ["2"] = Json("n=2"),
            ["3"] = new StreamRules(["other"], [], channel: null, []),
        };
        var index = new RuleIndex<string>(rules.Keys, name => [rules[name]]);
        Find(index, JsonRecord("{\"n\":1}")).ShouldBe("1");
        Find(index, JsonRecord("{\"n\":2}")).ShouldBe("2");
        Find(index, JsonRecord("{\"n\":1}")).ShouldBe("1");
        Find(index, JsonRecord("{")).ShouldBe("");
        Find(index, JsonRecord("{\"n\":1}", "other")).ShouldBe("3");
        index.EvaluatedCount.ShouldBe(8);
        index.ComparedCount.ShouldBe(0);
    }

    [Fact]
    public void OneSubscription_IsFoundByItsRecipient()
    {
        var index = new RuleIndex<string>(["1"], static _ => [Rules("http://one", "event://w/a")]);
        Find(index, RecordOf("event://other/b", null, "http://one")).ShouldBe("1");
    }

    [Fact]
    public void ARecord_CostsTheSameAfterOthers()
    {
        RuleIndex<string> Make() => new(["1", "2", "3", "4"], static name => name switch
        {
            "1" => [Rules("http://one", "event://w/a", "http://w/r/1")],
            "2" => [Rules("http://two", "event://w/*")],
            "4" => [Rules("http://four", "event://w/a", "http://w/r/2")],
            _ => [Rules("http://three", "event://w/b", "http://w/r/1")],
        });
        LogRecord[] records =
        [
            RecordOf("event://w/a", "http://w/r/1"), RecordOf("event://w/b", "http://w/r/1"),
            RecordOf("event://w/a", "http://w/r/2"), RecordOf("event://w/a", null), RecordOf("event://w/c", null),
            RecordOf("event://w/a", "http://w/r/1", "http://two"), RecordOf("event://w/a", null, "http://nobody"),
            RecordOf("no uri", null),
        ];
        var shared = Make();
        foreach (var record in records)
        {
            var before = shared.ComparedCount;
            var alone = Make();
            Find(shared, record).ShouldBe(Find(alone, record));
            (shared.ComparedCount - before).ShouldBe(alone.ComparedCount);
        }

        // Recipients are the only look-up for a record that names them.
        var named = Make();
        Find(named, records[^2]);
        named.ComparedCount.ShouldBe(0);
    }

    private static string Find(RuleIndex<string> index, in LogRecord record)
    {
        var found = new HashSet<string>();
        index.Find(record, static _ => true, found);
        return string.Concat(found.Order());
    }

    private static StreamRules Json(string filter)
    {
        FilterExpression.TryParse(filter, out var expression, out var fault).ShouldBeTrue(fault);
        return new StreamRules(["numbers"], [], channel: null, [expression!]);
    }

    private static LogRecord JsonRecord(string json, string stream = "numbers") =>
        RecordOf("event://w/a", null) with
        {
            Stream = stream, ContentType = default, Payload = Encoding.UTF8.GetBytes(json),
        };

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
