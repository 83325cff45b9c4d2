using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>A file with a segment's name, and the segment whose bytes it holds, which may be another one.</summary>
internal sealed class FoundFile
{
    public required string Path { get; set; }

    public required long NumberInName { get; init; }

    public required long PositionInName { get; init; }

    public long Length { get; init; }

    /// <summary>Why the file cannot be read; null: it can.</summary>
    public string? Fault { get; init; }

    public SegmentHeaderStatus Status { get; init; } = SegmentHeaderStatus.Invalid;

    /// <summary>Null: it is damaged, or of another version.</summary>
    public SegmentHeader? Header { get; init; }

    /// <summary>From the header or, if that is damaged, from a frame; null: nothing in the file is intact.</summary>
    public ulong? Salt { get; init; }

    /// <summary>The position in the first intact frame if the header is damaged; null: no frame says it.</summary>
    public long? PositionInFrame { get; init; }

    /// <summary>True: its header is of another log.</summary>
    public bool IsForeign { get; set; }

    /// <summary>The segment whose bytes these are; null: none that the log has.</summary>
    public long? Number { get; set; }

    public long FirstPosition { get; set; }
}
