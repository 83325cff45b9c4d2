using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.History;

/// <summary>A try, as the API shows it.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Position">The record's position.</param>
/// <param name="Record">The record, as <c>STREAM@OFFSET</c>.</param>
/// <param name="Attempt">The number of the try, from 1.</param>
/// <param name="Verdict">Its outcome.</param>
/// <param name="Status">The status of the answer; null: there was none.</param>
/// <param name="Message">What happened; null if it succeeded.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record TryAnswer(
    DateTime At, long Position, string Record, int Attempt, string Verdict, int? Status, string? Message,
    long Milliseconds)
{
    public static TryAnswer Of(DeliveryTry one) => new(
        one.At.UtcDateTime, one.Position,
        RecordName.Of(one.Stream, one.Offset), one.TryNumber,
        VerdictNames.Of(one.Verdict), one.Status, one.Message, (long)one.Duration.TotalMilliseconds);
}

/// <summary>A page of tries.</summary>
/// <param name="Items">The tries, the newest first.</param>
/// <param name="Next">The parameter <c>after</c> of the next page; null: this is the last one.</param>
internal sealed record TryList(IReadOnlyList<TryAnswer> Items, string? Next);
