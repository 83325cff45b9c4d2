namespace WikiBus.Storage;

/// <summary>A message of the log to its operator.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What happened, with file and byte range where there is one; for people.</param>
public sealed record LogNotice(LogNoticeSeverity Severity, string Message);
