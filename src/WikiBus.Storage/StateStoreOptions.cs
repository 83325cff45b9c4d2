namespace WikiBus.Storage;

/// <summary>Settings of a <see cref="StateStore"/>.</summary>
public sealed record StateStoreOptions
{
    /// <summary>
    /// A new snapshot is written when the bytes since the last exceed the larger of this and the snapshot's size.
    /// Default 64 MiB.
    /// </summary>
    public long RotateBytesMin { get; init; } = 64L << 20;

    /// <summary>Values up to this size stay in memory; larger ones are read from disk. Default 256 bytes.</summary>
    public int InlineValueBytesMax { get; init; } = 256;

    /// <summary>
    /// Is told what an operator should know. Called on the store's own threads; must not block or throw.
    /// </summary>
    public Action<LogNotice>? OnNotice { get; init; }
}
