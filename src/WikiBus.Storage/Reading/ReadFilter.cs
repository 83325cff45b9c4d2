namespace WikiBus.Storage;

/// <summary>
/// Which records a reader wants. Decided by the record's header alone, so that segments without such streams are
/// skipped.
/// </summary>
public sealed class ReadFilter
{
    /// <summary>The streams wanted; null: all.</summary>
    public IReadOnlySet<string>? Streams { get; init; }

    /// <summary>
    /// A further test on header fields; null: none. Called on the reader's thread; must not look at the payload.
    /// </summary>
    public Func<LogRecord, bool>? Header { get; init; }
}
