using System.Runtime.CompilerServices;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>Opens what an earlier run left, or creates a new store. Used once.</summary>
/// <remarks>
/// 1. The newest snapshot counts; older files are left over from a rotation whose deletions did not reach the disk.
/// 2. The changes from the snapshot's number on follow without a gap. Every one but the last is intact up to the place
///    where its successor says that it ends; what lies beyond was never acknowledged.
/// 3. The last one is cut at the first frame that is not intact, if no intact frame header follows: only one frame is
///    ever unflushed. Else the store is damaged.
/// 4. The last one is flushed before anything is served: what a killed process wrote may be in the page cache only, and
///    a reader must never see what a power loss can take back. Its last frame is written again before: if its flush
///    failed,
///    the system takes its pages for clean and would not write them.
/// 5. Names may be in the cache only, too: they are flushed before anything is deleted or appended on their strength.
/// </remarks>
internal sealed class StateRecovery(StateDirectory directory, StateStoreOptions options)
{
    private delegate void RecordReader(in StateRecord record, StatePlace place);

    private readonly List<StateSegment> _segments = [];
    private StateIndex.Builder _index = StateIndex.Empty.ToBuilder();
    private long _snapshotBytes;
    private long _changesBytes;
    private long _nextVersion = 1;

    public RecoveredState Run()
    {
        try
        {
            var snapshotNumber = ReadSnapshot();
            ReadChanges(Math.Max(1, snapshotNumber));
            directory.FlushNames();
            directory.DeleteLeftovers(snapshotNumber);
            if (_segments.Count == 0)
            {
                _segments.Add(directory.Create(FirstHeader(), _ => SegmentHeader.Length));
            }

            return new RecoveredState
            {
                Index = _index.ToIndex(),
                Segments = _segments,
                SnapshotBytes = _snapshotBytes,
                ChangesBytes = _changesBytes,
                NextVersion = _nextVersion,
            };
        }
        catch
        {
            _segments.ForEach(segment => segment.Retire());
            throw;
        }
    }

    private long ReadSnapshot()
    {
        if (directory.Numbers(SegmentKind.StateSnapshot) is not [.., var number])
        {
            return 0;
        }

        var snapshot = Open(SegmentKind.StateSnapshot, number);
        var end = snapshot.File.Length;
        var entries = new List<StateEntry>();
        var scanner = NewScanner(snapshot, end);
        var lastKind = FrameKind.Records;
        while (scanner.Next())
        {
            lastKind = scanner.Frame.Kind;
            ReadRecords(
                snapshot,
                scanner,
                (in StateRecord record, StatePlace place) => entries.Add(NewEntry(record, place)));
        }

        // The end mark tells a whole snapshot from one whose end is gone.
        if (scanner.Offset != end || lastKind != FrameKind.EndMark)
        {
            throw Damaged(snapshot, scanner.Offset, end);
        }

        snapshot.End = end;
        _snapshotBytes = end;
        _index = StateIndex.From(entries).ToBuilder();
        return number;
    }

    private void ReadChanges(long firstNumber)
    {
        var numbers = directory.Numbers(SegmentKind.StateChanges).Where(number => number >= firstNumber).ToList();
        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] != firstNumber + i)
            {
                throw Missing(firstNumber + i);
            }

            Open(SegmentKind.StateChanges, numbers[i]);
        }

        if (numbers.Count == 0 && _segments.Count > 0)
        {
            throw Missing(firstNumber);
        }

        var changes = _segments.Where(segment => segment.Header.Kind == SegmentKind.StateChanges).ToList();
        for (var i = 0; i < changes.Count; i++)
        {
            ReadChanges(changes[i], i + 1 < changes.Count ? changes[i + 1].Header.PredecessorEnd : null);
        }
    }

    private void ReadChanges(StateSegment segment, long? knownEnd)
    {
        _nextVersion = Math.Max(_nextVersion, segment.Header.FirstPosition);
        var end = knownEnd ?? segment.File.Length;
        var scanner = NewScanner(segment, end);
        long lastFrame = SegmentHeader.Length;
        while (scanner.Next())
        {
            lastFrame = scanner.Frame.FileOffset;
            ReadRecords(segment, scanner, Apply);
        }

        segment.End = scanner.Offset;
        _changesBytes += scanner.Offset;
        if (scanner.Status == FrameStatus.OtherVersion)
        {
            throw new LogDamagedException(
                $"{segment.Path} was written by another version of WikiBus from byte {scanner.Offset} on; "
                + "use that version.");
        }

        if (knownEnd is null)
        {
            CutTail(segment, end);
            MakeDurable(segment, lastFrame);
        }
        else if (scanner.Offset != knownEnd)
        {
            throw Damaged(segment, scanner.Offset, knownEnd.Value);
        }
    }

    private void CutTail(StateSegment last, long end)
    {
        if (FrameSearch.FindHeader(last.File, last.End + 1, end, last.Header.Salt) is var next and >= 0)
        {
            throw Damaged(last, last.End, next);
        }

        var dataEnd = FrameSearch.FindEndOfData(last.File, last.End, end);
        if (dataEnd > last.End)
        {
            options.OnNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Error,
                $"{last.Path}: bytes {last.End} to {dataEnd} are no whole commit and are cut off. "
                + "After a crash or a power loss this is a commit that was never acknowledged; else it is damage."));
        }

        last.File.SetLength(last.End);
    }

    /// <remarks>Not inlined: the durability suite takes this flush away by the name of its caller.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeDurable(StateSegment last, long lastFrame)
    {
        var frame = new byte[last.End - lastFrame];
        last.File.Read(lastFrame, frame);
        last.File.Write(lastFrame, frame);
        last.File.Flush();
    }

    private void Apply(in StateRecord record, StatePlace place)
    {
        _nextVersion = Math.Max(_nextVersion, record.Version + 1);
        if (record.IsDelete)
        {
            _index.Delete(record.Key);
        }
        else
        {
            _index.Put(NewEntry(record, place));
        }
    }

    private StateEntry NewEntry(in StateRecord record, StatePlace place) =>
        record.Value.Length <= options.InlineValueBytesMax
            ? new StateEntry(record.Key.ToArray(), record.Version, record.Value.ToArray(), null)
            : new StateEntry(record.Key.ToArray(), record.Version, null, place);

    private static void ReadRecords(StateSegment segment, FrameScanner scanner, RecordReader read)
    {
        var offset = scanner.Frame.BodyOffset;
        foreach (var bytes in scanner.Records)
        {
            if (!StateRecord.TryRead(bytes.Span, out var record))
            {
                throw Damaged(segment, offset, offset + bytes.Length);
            }

            read(record, new StatePlace(segment, offset, bytes.Length));
            offset += bytes.Length;
        }
    }

    private static SegmentHeader FirstHeader() => new()
    {
        Kind = SegmentKind.StateChanges,
        LogId = Guid.NewGuid(),
        Number = 1,
        FirstPosition = 1,
        PredecessorEnd = 0,
        Salt = SegmentSalt.New(),
    };

    private StateSegment Open(SegmentKind kind, long number)
    {
        var segment = directory.Open(kind, number);
        _segments.Add(segment);
        return segment;
    }

    private static FrameScanner NewScanner(StateSegment segment, long end) =>
        new(segment.File, SegmentHeader.Length, end, segment.Header.Salt);

    private LogDamagedException Missing(long number) => new(
        $"{directory.PathOf(SegmentKind.StateChanges, number)} is missing; restore the state from a backup.");

    private static LogDamagedException Damaged(StateSegment segment, long from, long to) => new(
        $"{segment.Path} is damaged between bytes {from} and {to}; restore the state from a backup.");
}
