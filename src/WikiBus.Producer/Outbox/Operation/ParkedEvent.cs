namespace WikiBus.Producer;

/// <summary>An event that a service refused.</summary>
/// <param name="Id">Its number, by which it is retried or dropped.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Stream">Its stream; of Deki, its channel.</param>
/// <param name="Message">Why it was refused, in the words of the service.</param>
/// <param name="ParkedAt">When it was refused first.</param>
/// <param name="RetryAt">When it is sent again; null if it waits for a person.</param>
/// <param name="Text">The event, UTF-8; of Deki, its document.</param>
public sealed record ParkedEvent(
    long Id,
    string Service,
    string Stream,
    string Message,
    DateTimeOffset ParkedAt,
    DateTimeOffset? RetryAt,
    ReadOnlyMemory<byte> Text);
