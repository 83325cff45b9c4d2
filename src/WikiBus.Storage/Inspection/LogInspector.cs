using WikiBus.Storage.Inspection;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage;

/// <summary>
/// Looks at the files of a log that is not open: describes, checks, dumps and repairs. All but <see cref="Repair"/>
/// read only, and may run beside an open log (whose newest frame may then look torn). Not safe for concurrent use.
/// </summary>
public sealed class LogInspector(string directory, IFileSystem files)
{
    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>The segments, in order, with what their intact frames hold.</summary>
    /// <param name="onDamage">Gets what cannot be read; an unfinished write at the very end is left out.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IReadOnlyList<LogSegmentSummary> Describe(Action<LogDamage>? onDamage = null)
    {
        var summaries = new List<LogSegmentSummary>();
        foreach (var slot in FindSlots(onDamage))
        {
            long count = 0, firstMs = 0, lastMs = 0;
            var end = slot.FirstPosition;
            Walk(slot, onDamage, record =>
            {
                firstMs = count == 0 ? record.TimeMs : firstMs;
                (lastMs, end) = (record.TimeMs, record.Position + 1);
                count++;
                return true;
            });
            if (slot.File is { } file)
            {
                summaries.Add(new LogSegmentSummary(
                    file.Path, slot.Number, slot.FirstPosition, end, count, file.Length, firstMs, lastMs));
            }
        }

        return summaries;
    }

    /// <summary>Every damaged region, in order; empty: the log is intact. Reads every byte.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<LogDamage> Check()
    {
        var damage = LogLayout.Find(files, _directory).Check(files);
        if (FindLoss() is { } loss)
        {
            damage.Add(loss);
        }

        return damage;
    }

    /// <summary>
    /// Hands every intact record to <paramref name="onRecord"/>, in order, from a position on. The memory is valid
    /// during the call only. The dump ends when it returns false.
    /// </summary>
    /// <param name="fromPosition">The first position.</param>
    /// <param name="onRecord">Gets the records.</param>
    /// <param name="onDamage">Gets what cannot be read; an unfinished write at the very end is left out.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public void Dump(long fromPosition, Func<LogRecord, bool> onRecord, Action<LogDamage>? onDamage = null)
    {
        var names = new StreamTable();
        foreach (var slot in FindSlots(onDamage).Where(slot => slot.PositionMax > fromPosition))
        {
            var isWanted = Walk(slot, onDamage, record => record.Position < fromPosition
                || onRecord(record.ToRecord(names.NameOf(record.Stream))));
            if (!isWanted)
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
        return new LogMender(files, _directory).Run();
    }

    private List<SegmentSlot> FindSlots(Action<LogDamage>? onDamage)
    {
        var layout = LogLayout.Find(files, _directory);
        foreach (var damage in layout.Damage)
        {
            onDamage?.Invoke(damage);
        }

        if (FindLoss() is { } loss)
        {
            onDamage?.Invoke(loss);
        }

        return layout.Slots;
    }

    private LogDamage? FindLoss() =>
        SegmentList.Find(files, _directory).Length == 0 && SegmentList.FindLoss(files, _directory) is { } loss
            ? new LogDamage(_directory, 0, 0, loss)
            : null;

    /// <summary>Hands on the intact records of a segment; false if the receiver ended the walk.</summary>
    private bool Walk(SegmentSlot slot, Action<LogDamage>? onDamage, Func<Records.RecordView, bool> onRecord)
    {
        var inspection = slot.File is { Fault: null } file ? new SegmentInspection(files, slot, file) : null;
        try
        {
            foreach (var record in SlotRecords.Of(files, slot, inspection))
            {
                if (!onRecord(record))
                {
                    return false;
                }
            }
        }
        catch (IOException exception)
        {
            onDamage?.Invoke(new LogDamage(slot.File?.Path ?? _directory, 0, 0, exception.Message));
        }

        foreach (var damage in (inspection?.Damage ?? []).Where(static damage => !damage.IsTear))
        {
            onDamage?.Invoke(damage);
        }

        return true;
    }
}
