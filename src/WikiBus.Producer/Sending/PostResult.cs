namespace WikiBus.Producer;

/// <summary>What became of one request with events.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="StatusCode">The status of the answer; null if there was none.</param>
/// <param name="AcceptedCount">How many events the service accepted.</param>
/// <param name="FailedCount">
/// How many events it did not accept, as far as the answer says it. Without an answer, these are all: then the service
/// may have some of them.
/// </param>
/// <param name="Error">What went wrong, as <c>400: Bad Request</c>; null if all events were accepted.</param>
public sealed record PostResult(
    string Service, int? StatusCode, int AcceptedCount, int FailedCount, string? Error);
