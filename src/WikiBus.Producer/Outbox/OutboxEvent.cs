using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox;

/// <summary>An event as rows have it.</summary>
/// <param name="Queue">The queue that it waits in.</param>
/// <param name="Bytes">The event, in the form of its dialect (<see cref="OutboxBody"/>).</param>
internal sealed record OutboxEvent(OutboxQueue Queue, ReadOnlyMemory<byte> Bytes);
