using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Inspection;

/// <summary>
/// The segments of a log as its files show them, whatever the names are. Every number from the first to the last has a
/// slot, also if its file is missing.
/// </summary>
internal sealed class LogLayout
{
    /// <summary>Most missing segments in one gap; a larger gap shows that a file is of another log.</summary>
    public const int MissingSegmentsMax = 1_000;

    private readonly string _directory;
    private readonly List<LogDamage> _damage = [];

    private LogLayout(string directory) => _directory = directory;

    /// <summary>By number, each linked to the next.</summary>
    public List<SegmentSlot> Slots { get; private set; } = [];

    /// <summary>Files that the log does not need: copies, and files of segments that it does not have.</summary>
    public List<FoundFile> Strays { get; } = [];

    /// <summary>All files with a segment's name.</summary>
    public required IReadOnlyList<FoundFile> Files { get; init; }

    /// <summary>Why the files do not make up one log; null: they do.</summary>
    public string? Conflict { get; private set; }

    /// <summary>Damage that names and headers show: missing, renamed, copied and unreadable files.</summary>
    public IReadOnlyList<LogDamage> Damage => _damage;

    public static LogLayout Find(IFileSystem files, string directory)
    {
        var layout = new LogLayout(directory) { Files = new SegmentFinder(files, directory).Find() };
        layout.NoteMixedLogs();
        layout.AddFiles();
        layout.AddNames();
        layout.Slots.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        layout.OrderPositions();
        layout.AddMissing();
        for (var index = 1; index < layout.Slots.Count; index++)
        {
            layout.Slots[index - 1].Successor = layout.Slots[index];
        }

        layout.NoteAll();
        return layout;
    }

    /// <summary>
    /// Reads every byte: all damage in order. Then the first position of a segment without any intact byte is known
    /// better, too: it is behind the records before it.
    /// </summary>
    public List<LogDamage> Check(IFileSystem files)
    {
        var damage = new List<LogDamage>(_damage);
        var end = 0L;
        foreach (var slot in Slots)
        {
            if (!slot.IsIdentified)
            {
                slot.FirstPosition = Math.Min(Math.Max(slot.FirstPosition, end), slot.PositionMax);
            }

            if (slot.File is { Fault: null } file)
            {
                var inspection = new SegmentInspection(files, slot, file);
                damage.AddRange(inspection.Check());
                slot.Findings = inspection.Findings;
            }

            end = Math.Max(end, slot.Findings.EndPosition);
        }

        return damage;
    }

    private void NoteMixedLogs()
    {
        if (LogOrigin.FindForeign(Files, static file => file.Header) is null)
        {
            Conflict = LogOrigin.Mixed(_directory);
            _damage.Add(new LogDamage(_directory, 0, 0, Conflict));
        }
    }

    private void AddFiles()
    {
        Strays.AddRange(Files.Where(static file => file.Number is null));
        foreach (var group in Files.Where(static file => file.Number is not null).GroupBy(static file => file.Number))
        {
            var (number, best) = (group.Key!.Value, group
                .OrderByDescending(static file => file.Header is not null)
                .ThenByDescending(static file => file.Salt is not null)
                .ThenByDescending(static file => file.NumberInName == file.Number)
                .ThenByDescending(static file => file.Length)
                .First());
            FoundFile[] others = [.. group.Where(file => file != best)];
            Strays.AddRange(others);
            Slots.Add(new SegmentSlot(_directory, number, best.FirstPosition)
            {
                File = best,
                Copies = [.. others.Where(static file => file.Salt is not null)],
            });
        }
    }

    /// <summary>
    /// If a file holds another segment than its name says, the bytes of the named segment are gone, but it existed. A
    /// name behind the last segment proves nothing: such a file is a copy, and a seal shows whether a segment followed.
    /// </summary>
    private void AddNames()
    {
        var last = Slots.Count == 0 ? 0 : Slots.Max(static slot => slot.Number);
        foreach (var file in Files.Where(file => file.NumberInName < last))
        {
            if (Slots.TrueForAll(slot => slot.Number != file.NumberInName))
            {
                Slots.Add(new SegmentSlot(_directory, file.NumberInName, file.PositionInName));
            }
        }
    }

    /// <summary>First positions grow with the numbers. One that only a name gives is moved to fit the others.</summary>
    private void OrderPositions()
    {
        var before = 0L;
        for (var index = 0; index < Slots.Count; index++)
        {
            var slot = Slots[index];
            if (slot.File?.Header is null)
            {
                var next = Slots.Skip(index + 1).FirstOrDefault(static later => later.IsIdentified);
                var most = Math.Max(before, next?.FirstPosition ?? long.MaxValue);
                slot.FirstPosition = Math.Clamp(slot.FirstPosition, before, most);
            }
            else if (slot.FirstPosition < before)
            {
                Conflict ??= $"{slot.File.Path} has smaller positions than the segments with smaller numbers. Move "
                    + "the files that belong to another log out of the directory.";
            }

            before = slot.FirstPosition;
        }
    }

    private void AddMissing()
    {
        var all = new List<SegmentSlot>();
        foreach (var slot in Slots)
        {
            var expected = all.Count == 0 ? slot.Number : all[^1].Number + 1;
            if (slot.Number - expected > MissingSegmentsMax)
            {
                _damage.Add(new LogDamage(_directory, 0, 0, Missing(expected)));
                Conflict ??= $"More than {MissingSegmentsMax} segments are missing before {slot.File?.Path}. Move the "
                    + "files that belong to another log out of the directory.";
            }
            else
            {
                for (; expected < slot.Number; expected++)
                {
                    all.Add(new SegmentSlot(_directory, expected, slot.FirstPosition));
                }
            }

            all.Add(slot);
        }

        Slots = all;
    }

    private void NoteAll()
    {
        foreach (var slot in Slots)
        {
            if (slot.File is null)
            {
                _damage.Add(new LogDamage(_directory, 0, 0, Missing(slot.Number)));
            }
            else if (slot.File.Fault is { } fault)
            {
                Note(slot.File, $"The file cannot be read: {fault}");
            }
            else if (slot.IsMisnamed)
            {
                Note(slot.File, $"The file holds segment {slot.Number}: it was renamed, or exchanged with another.");
            }
        }

        foreach (var file in Strays)
        {
            var holder = Slots.Find(slot => slot.Number == file.Number)?.File?.Path;
            Note(file, file.IsForeign ? "The file is of another log."
                : holder is null ? "The file holds records from before the first segment of the log."
                : $"The file is of segment {file.Number}, which is also in {Path.GetFileName(holder)}.");
        }
    }

    private void Note(FoundFile file, string what) => _damage.Add(new LogDamage(file.Path, 0, file.Length, what));

    private string Missing(long number) =>
        $"Segment {number} is missing in {_directory}. Bring the file back from a backup. Without one, 'wikibus log "
        + "repair' lets the log continue with a hole.";
}
