namespace WikiBus.FunctionalTests.Crashes;

/// <summary>A request that was answered.</summary>
/// <param name="Path">The recipient.</param>
/// <param name="Position">The record's position.</param>
/// <param name="WebhookId">The delivery's id.</param>
/// <param name="EventId">The event's id, which begins with its key.</param>
/// <param name="Status">The status; 0: the bus saw no answer.</param>
/// <param name="At">When, as a time stamp.</param>
internal sealed record CrashArrival(
    string Path, long Position, string WebhookId, string EventId, int Status, long At)
{
    public string Key => EventId.Split('-')[0];
}
