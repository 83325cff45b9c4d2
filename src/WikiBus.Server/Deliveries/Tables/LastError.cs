namespace WikiBus.Server.Deliveries.Tables;

/// <summary>A try that did not succeed.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Record">The record, as <c>STREAM@OFFSET</c>.</param>
/// <param name="Status">The status of the answer, if there was one.</param>
/// <param name="Message">What happened.</param>
internal sealed record LastError(DateTimeOffset At, string Record, int? Status, string Message);
