using System.Globalization;
using System.Text;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>
/// Says what became of a record. What happened decides first: rows that wait or are dead, then the history. Then the
/// place of the record decides, then the owner's rights, and at last the rules.
/// </summary>
internal sealed class WhyJudge(WhyFacts facts)
{
    public WhyAnswer Judge()
    {
        var answer = JudgeRow() ?? JudgeHistory() ?? (facts.Record is null ? JudgeMissing() : JudgePlace());
        return answer with
        {
            Subscription = facts.SubscriptionId,
            SubscriptionState = facts.SubscriptionState,
            Position = IsShown ? facts.Position : facts.Name.Position,
            Record = IsShown ? ShownName : facts.Name.Position is null ? facts.Name.ToString() : null,
            EventId = IsShown && facts.Record is { } record ? Encoding.UTF8.GetString(record.Id) : null,
        };
    }

    private string? ShownName => facts switch
    {
        { Record: { } record } => record.Name,
        { Row: { } row } => RecordName.Of(row.Stream, row.Offset),
        { Try: { } last } => RecordName.Of(last.Stream, last.Offset),
        _ => null,
    };

    // Whoever asks may only know what the owner may read, or what was sent already.
    private bool IsShown => facts.IsEntitled || facts.Row is not null || facts.Try is not null;

    private string RecordText => (IsShown ? ShownName : null) ?? facts.Name.ToString();

    private WhyAnswer? JudgeRow() => facts.Row switch
    {
        null => null,
        { DeadAt: { } deadAt } row => new WhyAnswer(
            WhyState.Dead,
            $"{RecordText} was given up at {TimeOf(deadAt)}, after {row.Attempts} attempts{LastOf(row.Last)}.")
        {
            At = deadAt.UtcDateTime,
            Attempt = row.Attempts,
            Status = row.Last?.Status,
            LastError = ErrorAnswer.Of(row.Last),
            DeadLetter = row.Number.ToString(CultureInfo.InvariantCulture),
        },
        var row => new WhyAnswer(
            WhyState.Waiting,
            row.NextAt is { } next
                ? $"{RecordText} waits for its next try at {TimeOf(next)}{LastOf(row.Last)}."
                : $"{RecordText} waits behind an earlier record of its key{LastOf(row.Last)}.")
        {
            Attempt = row.Attempts,
            NextTry = row.NextAt?.UtcDateTime,
            Status = row.Last?.Status,
            LastError = ErrorAnswer.Of(row.Last),
        },
    };

    private WhyAnswer? JudgeHistory() => facts.Try switch
    {
        { Verdict: Verdict.Done } last => Of(
            last, WhyState.Delivered,
            $"{RecordText} was delivered at {TimeOf(last.At)} by try {last.TryNumber}{StatusOf(last.Status)}."),
        { Verdict: Verdict.Expired } last => Of(
            last, WhyState.Expired,
            $"{RecordText} was skipped at {TimeOf(last.At)}: it was older than the subscription's expireAfter."),
        { Verdict: Verdict.Dropped } last => Of(
            last, WhyState.Dropped,
            $"{RecordText} was dead, and was dropped at {TimeOf(last.At)}. {last.Message}"),
        { } last when facts.Record is null => JudgeUnsettled(last.Position),
        _ => null,
    };

    // The log does not have the record, and nothing was sent.
    private WhyAnswer JudgeMissing()
    {
        if (facts.Name.Position is not { } position || position >= facts.FirstPosition)
        {
            return Unknown("the log has no such record");
        }

        if (facts.Cursor <= position)
        {
            return new WhyAnswer(
                WhyState.Lost,
                $"{RecordText} is lost: retention removed it from the log before the subscription came to it.");
        }

        return JudgeRange(position)
            ?? Unknown("retention removed it from the log, and the history does not have it");

        WhyAnswer Unknown(string reason) => new(WhyState.UnknownRecord, $"{RecordText} is unknown: {reason}.");
    }

    private WhyAnswer JudgePlace()
    {
        var record = facts.Record!;
        if (!IsPending(record.Position) && JudgeRange(record.Position) is { } answer)
        {
            return answer;
        }

        if (!facts.IsEntitled)
        {
            return new WhyAnswer(
                WhyState.NotEntitled,
                $"The key that owns the subscription may not read {facts.Name}, or is revoked.");
        }

        var misses = facts.Rules.Select(rules => rules.FindMiss(record)).ToList();
        if (misses.TrueForAll(static miss => miss is not null))
        {
            return new WhyAnswer(
                WhyState.NotMatching, $"{RecordText} does not match the subscription: {misses[0]}.")
            {
                Term = misses[0],
            };
        }

        return JudgeUnsettled(record.Position);
    }

    // Positions that were never the subscription's own, or that it passed over.
    private WhyAnswer? JudgeRange(long position)
    {
        // The start is a position of the log that the subscription was created on.
        var isFirstLog = facts.Ranges.All(static range => range.Reason != "foreign-log");
        if (isFirstLog && position < facts.StartPosition)
        {
            return new WhyAnswer(
                WhyState.BeforeStart,
                $"{RecordText} is before the start of the subscription, which is position {facts.StartPosition}.");
        }

        var range = facts.Ranges.LastOrDefault(
            range => range.Log == facts.LogId && range.From <= position && position < range.End);
        return range switch
        {
            { Reason: "skipped" } => new WhyAnswer(
                WhyState.Skipped,
                $"{RecordText} was skipped when the subscription was resumed from now, at {TimeOf(range.At)}.")
            {
                At = range.At.UtcDateTime,
            },
            { Reason: "retention" } when facts.Record is null => new WhyAnswer(
                WhyState.Lost,
                $"{RecordText} is lost: retention removed it from the log before the subscription came to it.")
            {
                At = range.At.UtcDateTime,
            },
            _ => null,
        };
    }

    private WhyAnswer JudgeUnsettled(long position)
    {
        var last = facts.Try is { } decisive
            ? new LastError(decisive.At, RecordText, decisive.Status, decisive.Message ?? "")
            : null;
        var answer = IsPending(position)
            ? new WhyAnswer(
                WhyState.Pending,
                $"{RecordText} is still to be sent; the subscription is {facts.SubscriptionState}{LastOf(last)}.")
            : new WhyAnswer(
                WhyState.Settled,
                $"{RecordText} is below the cursor, and nothing is known about it: it did not match then, the owner "
                + "or its recipients could not read it then, or its history is pruned.");
        return answer with { Status = last?.Status, LastError = ErrorAnswer.Of(last) };
    }

    private bool IsPending(long position) => position >= facts.Cursor || facts.IsInReplay(position);

    private static WhyAnswer Of(DeliveryTry last, string state, string text) => new(state, text)
    {
        At = last.At.UtcDateTime,
        Attempt = last.TryNumber,
        Status = last.Status,
    };

    private static string LastOf(LastError? last) =>
        last is null ? "" : $"; the last try, at {TimeOf(last.At)}, failed{StatusOf(last.Status)}: {last.Message}";

    private static string StatusOf(int? status) => status is { } given
        ? string.Create(CultureInfo.InvariantCulture, $" with status {given}")
        : "";

    private static string TimeOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
