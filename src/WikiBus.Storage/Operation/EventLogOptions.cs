namespace WikiBus.Storage;

/// <summary>Settings of an <see cref="EventLog"/>. All have defaults fit for production.</summary>
public sealed record EventLogOptions
{
    /// <summary>Size at which a segment is sealed. Default 256 MiB; at least 64 KiB.</summary>
    public long SegmentBytesMax { get; init; } = 256L << 20;

    /// <summary>
    /// Most bytes of records in one frame; one larger request gets a frame of its own. Default 4 MiB.
    /// </summary>
    public int FrameBytesMax { get; init; } = 4 << 20;

    /// <summary>Most bytes waiting for the writer. Default 128 MiB.</summary>
    public long QueueBytesMax { get; init; } = 128L << 20;

    /// <summary>
    /// The most that <see cref="StreamCountMax"/> may be: each segment begins with one frame that holds all streams.
    /// </summary>
    public const int StreamCountLimit = 65_536;

    /// <summary>Most streams. Default 10,000; at most <see cref="StreamCountLimit"/>.</summary>
    public int StreamCountMax { get; init; } = 10_000;

    /// <summary>Most ids in the window in memory. Default 1,000,000.</summary>
    public int DedupeIdsMax { get; init; } = 1_000_000;

    /// <summary>How long ids stay in the window in memory. Default 24 h.</summary>
    public TimeSpan DedupeAgeMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Most id files of sealed segments that are kept open; further ones are opened for each look-up. Default 1,024.
    /// </summary>
    public int IdFilesOpenMax { get; init; } = 1_024;

    /// <summary>
    /// Records older than this are deleted, whole segments at a time; null keeps them. Default 31 days.
    /// </summary>
    public TimeSpan? RetentionAgeMax { get; init; } = TimeSpan.FromDays(31);

    /// <summary>
    /// The oldest segments are deleted while the log is larger than this; null: no limit. Default null.
    /// </summary>
    public long? RetentionBytesMax { get; init; }

    /// <summary>Appends are refused while less than this is free on the volume. Default 16 MiB.</summary>
    public long FreeBytesMin { get; init; } = 16L << 20;

    /// <summary>
    /// Receives what an operator should know. Called on the log's own threads, perhaps on several at the same time;
    /// must not block or throw.
    /// </summary>
    public Action<LogNotice>? OnNotice { get; init; }
}
