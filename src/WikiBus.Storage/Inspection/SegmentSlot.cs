using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>A segment that the log has, or once had, and the files that hold it.</summary>
internal sealed class SegmentSlot(string directory, long number, long firstPosition)
{
    public long Number => number;

    /// <summary>No record of the segment has a smaller position.</summary>
    public long FirstPosition { get; set; } = firstPosition;

    /// <summary>Its file, perhaps under another name; null: it is missing.</summary>
    public FoundFile? File { get; init; }

    /// <summary>Other files with bytes of this segment.</summary>
    public IReadOnlyList<FoundFile> Copies { get; init; } = [];

    public SegmentSlot? Successor { get; set; }

    /// <summary>Where its file belongs.</summary>
    public string Path => System.IO.Path.Combine(directory, SegmentName.Of(Number, FirstPosition));

    public bool IsMisnamed => File is not null && File.Path != Path;

    /// <summary>True if the file itself shows which segment it is, whatever its name is.</summary>
    public bool IsIdentified => File?.Salt is not null;

    /// <summary>No record of the segment has this position or a larger one.</summary>
    public long PositionMax
    {
        get
        {
            var next = Successor;
            while (next is { IsIdentified: false })
            {
                next = next.Successor;
            }

            return next?.FirstPosition ?? long.MaxValue;
        }
    }

    /// <summary>What <see cref="LogLayout.Check"/> found in the file.</summary>
    public SegmentFindings Findings { get; set; }
}

/// <summary>What a walk through a segment's file found.</summary>
/// <param name="IsDamaged">There is a damaged region.</param>
/// <param name="IsSealed">It has an intact seal.</param>
/// <param name="HasLostEnd">It is the last segment, and frames may be missing behind the intact ones.</param>
/// <param name="HasOtherVersion">It has an intact frame of another format version.</param>
/// <param name="EndPosition">The position behind the last record, intact or not.</param>
/// <param name="EndOffset">Where the last frame ends, seal excluded.</param>
internal readonly record struct SegmentFindings(
    bool IsDamaged, bool IsSealed, bool HasLostEnd, bool HasOtherVersion, long EndPosition, long EndOffset);
