using WikiBus.Storage.Inspection;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage;

/// <summary>
/// Looks at the files of a log that is not open: describes, checks, dumps and repairs. All but <see cref="Repair"/>
/// read only, and may run beside an open log (whose newest frame may then look torn). Not safe for concurrent use.
/// </summary>
public sealed class LogInspector(string directory, IFileSystem files)
{
    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>The segments, in order, with what their intact frames hold.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<LogSegmentSummary> Describe() =>
        [.. SegmentList.Find(files, _directory).Select(segment => new SegmentInspection(files, segment).Describe())];

    /// <summary>Every damaged region, in order; empty: the log is intact. Reads every byte.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<LogDamage> Check()
    {
        var segments = SegmentList.Find(files, _directory);
        var damage = new List<LogDamage>();
        var missing = segments.Length == 0
            ? SegmentList.FindLoss(files, _directory)
            : SegmentList.FindGap(segments);
        if (missing is not null)
        {
            damage.Add(new LogDamage(_directory, 0, 0, missing));
        }

        foreach (var segment in segments)
        {
            damage.AddRange(new SegmentInspection(files, segment).Check());
        }

        return damage;
    }

    /// <summary>
    /// Hands every intact record to <paramref name="onRecord"/>, in order, from a position on. The memory is valid
    /// during the call only. The dump ends when it returns false.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Dump(long fromPosition, Func<LogRecord, bool> onRecord)
    {
        foreach (var segment in SegmentList.Find(files, _directory))
        {
            if (segment.Successor is { } next && next.FirstPosition <= fromPosition)
            {
                continue;
            }

            if (!new SegmentInspection(files, segment).Dump(fromPosition, onRecord))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Makes a damaged log open again: intact records keep their positions, damaged ones become holes, and the damaged
    /// files are kept under another name. The log must not be open. Changes the log's id if anything was lost.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read or written, or the log is open.</exception>
    /// <exception cref="LogDamagedException">It cannot be repaired; says why.</exception>
    public LogRepair Repair()
    {
        using var directoryLock = new LogLock(files, _directory);
        return new LogMender(files, _directory).Run(Check());
    }
}
