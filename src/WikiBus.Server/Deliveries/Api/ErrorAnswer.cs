using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.Server.Deliveries.Api;

/// <summary>A try that did not succeed, in JSON.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Record">The record, as <c>STREAM@OFFSET</c>.</param>
/// <param name="Status">The status of the answer; null: there was none.</param>
/// <param name="Message">What happened.</param>
internal sealed record ErrorAnswer(DateTime At, string Record, int? Status, string Message)
{
    public static ErrorAnswer? Of(LastError? error) => error is null
        ? null
        : new ErrorAnswer(error.At.UtcDateTime, error.Record, error.Status, error.Message);
}
