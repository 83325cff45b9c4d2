using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// Writes all entries of a frozen index as one segment that ends in an end mark. Runs beside the writer, which goes on
/// into a changes segment of the same number.
/// </summary>
internal sealed class StateSnapshotWriter(StateIndex index, ulong salt, CancellationToken cancellationToken)
{
    private readonly FrameBuffer _frame = new(StateLimits.SnapshotFrameBytesMax);
    private readonly List<StateEntry> _inFrame = [];
    private readonly List<(StateEntry Entry, long Offset, int Length)> _outside = [];
    private long _end = SegmentHeader.Length;

    /// <summary>Writes the frames, and returns where they end.</summary>
    public long Write(IStorageFile file)
    {
        foreach (var entry in index.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(entry);
            if (_frame.BodyLength >= StateLimits.SnapshotFrameBytesMax
                || _frame.RecordCount == FrameHeader.RecordCountMax)
            {
                WriteFrame(file, FrameKind.Records);
            }
        }

        WriteFrame(file, FrameKind.Records);
        WriteFrame(file, FrameKind.EndMark);
        return _end;
    }

    /// <summary>The entries whose values are not in memory, each with its place in the snapshot.</summary>
    public IEnumerable<StateEntry> Moved(StateSegment snapshot) => _outside.Select(moved =>
        moved.Entry with { Place = new StatePlace(snapshot, moved.Offset, moved.Length) });

    private void Add(StateEntry entry)
    {
        if (!entry.TryRead(out var value))
        {
            throw new InvalidOperationException("A segment was retired while a snapshot still needed it.");
        }

        StateRecord.Add(_frame, entry.Version, entry.Key, value!.Value);
        _inFrame.Add(entry);
    }

    private void WriteFrame(IStorageFile file, FrameKind kind)
    {
        var offset = _end + FrameHeader.LengthFor(_frame.RecordCount);
        for (var i = 0; i < _inFrame.Count; i++)
        {
            var length = _frame.Record(i).Length;
            if (_inFrame[i].InlineValue is null)
            {
                _outside.Add((_inFrame[i], offset, length));
            }

            offset += length;
        }

        var bytes = _frame.Finish(kind, 0, _end, salt).Span;
        file.Write(_end, bytes);
        _end += bytes.Length;
        _frame.Clear();
        _inFrame.Clear();
    }
}
