using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Dream.Matching;
using WikiBus.Server.Dream.Sets;
using WikiBus.Storage;

namespace WikiBus.Benchmarks;

/// <summary>
/// Finding the subscriptions of Dream that want a record: 10,000 of them, half with wildcards, of which 10 match. The
/// reference compares the record with each of them. Both in turns, in one thread.
/// </summary>
internal static class MatchBenchmark
{
    private const int SubscriptionCount = 10_000;
    private const int MatchingCount = 10;
    private const int Pairs = 7;
    private const int IndexPasses = 20_000;
    private const int ReferencePasses = 100;
    private const double GoalMicroseconds = 20;

    public static int Run()
    {
        var all = Enumerable.Range(0, SubscriptionCount).Select(RulesOf).ToList();
        var index = new RuleIndex<DreamRules>(all, static rules => [rules]);
        var record = Record();
        var found = new HashSet<DreamRules>();
        List<double> ours = [], reference = [];
        for (var pair = -2; pair < Pairs; pair++)
        {
            var own = Measure(IndexPasses, () =>
            {
                found.Clear();
                index.Find(record, static _ => true, found);
                return found.Count;
            });
            var other = Measure(
                ReferencePasses, () => all.Count(rules => rules.MatchesHeader(RecordHeader.Of(record))));
            if (pair >= 0)
            {
                ours.Add(own);
                reference.Add(other);
            }
        }

        var table = new Table("µs of processor time per record", "median", "range");
        table.Add("index", Table.Verdict(Table.Median(ours), GoalMicroseconds, atMost: true), RangeOf(ours));
        table.Add("each subscription compared", Text(Table.Median(reference)), RangeOf(reference));
        table.Print($"match: {SubscriptionCount:N0} subscriptions, {MatchingCount} match, {Pairs} interleaved pairs");
        return 0;
    }

    private static double Measure(int passes, Func<int> pass)
    {
        var before = Process.GetCurrentProcess().UserProcessorTime;
        for (var left = passes; left > 0; left--)
        {
            if (pass() != MatchingCount)
            {
                throw new InvalidOperationException("Not all that match were found.");
            }
        }

        return (Process.GetCurrentProcess().UserProcessorTime - before).TotalMicroseconds / passes;
    }

    // Half with a wildcard, and most with the event's channel or host, so that only a part of them differs.
    private static DreamRules RulesOf(int number) => (number % 4) switch
    {
        _ when number < MatchingCount => Rules(number, "event://*/deki/pages/*", "http://default/@api/deki/pages/42"),
        0 => Rules(number, $"event://*/deki/other{number}/*", null),
        1 => Rules(number, $"event://default/deki/pages/update{number}", null),
        2 => Rules(number, "event://*/deki/pages/*", $"http://default/@api/deki/pages/{number + 100}"),
        _ => Rules(number, $"event://wiki{number}/deki/pages/update", null),
    };

    private static DreamRules Rules(int number, string channel, string? resource) => new(new SetSubscription(
        "1", [channel], resource is null ? [] : [resource], Cookie: null, Proxy: null,
        [new SetRecipient($"http://recipient/{number}", AuthToken: null, UserId: null)]));

    private static LogRecord Record()
    {
        var attributes = new ArrayBufferWriter<byte>();
        var writer = new AttributeWriter(attributes);
        writer.Add("wiki", "default");
        writer.Add("resource", "http://default/@api/deki/pages/42");
        return new LogRecord
        {
            Position = 1,
            Stream = "deki.pages.update",
            Offset = 0,
            TimeMs = 0,
            Key = default,
            Channel = "event://default/deki/pages/update"u8.ToArray(),
            ContentType = "application/xml"u8.ToArray(),
            Id = default,
            Attributes = attributes.WrittenMemory,
            MetaEnd = -1,
            Payload = "<a/>"u8.ToArray(),
        };
    }

    private static string RangeOf(List<double> figures) => $"{Text(figures.Min())} to {Text(figures.Max())}";

    private static string Text(double figure) => figure.ToString("0.00", CultureInfo.InvariantCulture);
}
