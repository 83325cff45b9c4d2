namespace WikiBus.Producer;

/// <summary>The settings of the outbox, which only <c>AddWikiBusOutbox</c> uses.</summary>
public sealed class OutboxOptions
{
    /// <summary>Whether the tables are made at the start if they are missing; true by default.</summary>
    public bool CreatesTables { get; set; } = true;

    /// <summary>
    /// Whether this process takes part in sending; true by default. Of all processes that do, one sends, and another
    /// takes over when it ends.
    /// </summary>
    public bool RunsRelay { get; set; } = true;

    /// <summary>
    /// Whether events that are published outside of a transaction get one of their own, when they are flushed; false
    /// by default: then publishing them throws an exception.
    /// </summary>
    public bool OpensOwnTransaction { get; set; }

    /// <summary>
    /// Whether a 202 counts as accepted; false by default. With 202 a service says that it has events only in memory.
    /// </summary>
    public bool AcceptHasty { get; set; }

    /// <summary>
    /// Most bytes of a request with more than one event, from 1 to 67,108,864; 1 MiB by default. If
    /// <see cref="ProducerOptions.BatchBytesMax"/> is smaller, it counts.
    /// </summary>
    public int BatchBytesMax { get; set; } = 1 << 20;
}
