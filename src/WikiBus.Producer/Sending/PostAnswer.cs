namespace WikiBus.Producer.Sending;

/// <summary>The answer to a request with events.</summary>
/// <param name="Status">The status; null if there was no answer.</param>
/// <param name="Text">The status and its reason, as <c>400: Bad Request</c>, or why there was no answer.</param>
/// <param name="Body">The body; null if it was not asked for, is too large, or was cut off.</param>
/// <param name="RetryAfter">How long the service asks to wait.</param>
internal sealed record PostAnswer(
    int? Status, string Text, ReadOnlyMemory<byte>? Body = null, TimeSpan? RetryAfter = null);
