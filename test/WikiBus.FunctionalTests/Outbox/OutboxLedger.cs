using System.Globalization;
using System.Text.RegularExpressions;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>Compares the changes of a wiki with the bus's log.</summary>
internal static partial class OutboxLedger
{
    /// <summary>What is wrong: events that are lost, false, there twice, or out of order.</summary>
    public static IReadOnlyList<string> Check(
        IReadOnlyList<OutboxChange> changes, IReadOnlyList<(string Stream, string Payload)> log)
    {
        var findings = new List<string>();
        var expected = changes.ToDictionary(
            change => change.Attempt,
            change => new HashSet<int>(Enumerable.Range(0, change.EventCount)),
            StringComparer.Ordinal);
        var byAttempt = changes.ToDictionary(change => change.Attempt, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var last = new Dictionary<(bool IsJob, long Page), (long Revision, int Number)>();
        foreach (var (stream, payload) in log)
        {
            var labels = Label().Matches(payload).DistinctBy(match => match.Value).ToList();
            if (labels is not [var label])
            {
                findings.Add($"an event of {stream} has {labels.Count} labels");
                continue;
            }

            var (page, revision, number) = (Number(label, 1), Number(label, 2), (int)Number(label, 4));
            if (!seen.Add(label.Value))
            {
                findings.Add($"{label} is there twice");
            }
            else if (!byAttempt.TryGetValue(label.Groups[3].Value, out var change)
                || change.Page != page || change.Revision != revision || !expected[change.Attempt].Remove(number))
            {
                findings.Add($"{label} was never committed");
            }

            // Jobs have a service of their own, and no order with the others.
            var lane = (stream.StartsWith("mediawiki.job.", StringComparison.Ordinal), page);
            if (last.TryGetValue(lane, out var before) && before.CompareTo((revision, number)) >= 0)
            {
                findings.Add($"{label} comes after {before}");
            }

            last[lane] = (revision, number);
        }

        findings.AddRange(expected.Where(rest => rest.Value.Count > 0).Select(rest =>
            $"{byAttempt[rest.Key]} lost its events {string.Join(',', rest.Value)}"));
        return findings;
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("change-([0-9]+)-([0-9]+)-([0-9a-f]{32})-([0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex Label();
}
