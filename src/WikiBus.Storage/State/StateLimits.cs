namespace WikiBus.Storage.State;

/// <summary>The named limits of the state store that no option sets.</summary>
internal static class StateLimits
{
    /// <summary>Commits waiting for the writer; further callers wait for room.</summary>
    public const int QueuedCommitsMax = 1024;

    /// <summary>Bytes after which a group of commits is written; one larger commit is a group of its own.</summary>
    public const int GroupBytesMax = 4 << 20;

    /// <summary>Bytes of records in one frame of a snapshot; one larger record gets a frame of its own.</summary>
    public const int SnapshotFrameBytesMax = 1 << 20;

    /// <summary>Space that is zero-filled ahead of use at a time, so that a flush needs no new extents.</summary>
    public const int PreparedBytesMax = 1 << 20;

    /// <summary>With less space free nothing is prepared: a small disk is for data.</summary>
    public const long FreeBytesToPrepareMin = 64L << 20;

    /// <summary>Values moved into a new snapshot at once; commits are taken in between.</summary>
    public const int MovesPerStep = 4096;

    /// <summary>How long to wait after a snapshot failed (a full disk, say) before the next one is tried.</summary>
    public static readonly TimeSpan SnapshotRetryDelay = TimeSpan.FromSeconds(1);
}
