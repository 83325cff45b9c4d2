namespace WikiBus.Producer;

/// <summary>What waits for a service.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="Rows">How many rows wait; a transaction has one for each service.</param>
/// <param name="OldestAge">How long ago the oldest of them was written.</param>
/// <param name="Retrying">How many events are sent again each minute, outside of the order.</param>
/// <param name="Parked">How many events wait for a person.</param>
public sealed record OutboxLevel(string Service, long Rows, TimeSpan OldestAge, long Retrying, long Parked);
