using System.Runtime.CompilerServices;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The end of the log on disk: writes frames to the last segment, starts the next one when it is full, and mends the
/// end after a failure. Belongs to the writer's thread.
/// </summary>
internal sealed class LogTail(
    IFileSystem files,
    string directory,
    EventLogOptions options,
    SegmentFactory factory,
    StreamTable streams,
    LogPublication publication,
    LogUpkeep upkeep,
    PreparationPace pace,
    RecoveredLog start) : IDisposable
{
    /// <summary>
    /// A segment that was not prepared goes on growing at least to here before a prepared one takes its place.
    /// </summary>
    private const long UnpreparedBytesMin = 64 * 1024;

    /// <summary>
    /// When this part of a prepared segment is used, the next one may be prepared: at once while no frames come, else
    /// when <see cref="PreparationPace"/> says.
    /// </summary>
    private const int PreparedPart = 4;

    private SegmentWriter _writer = start.Writer;
    private bool _isEmpty = start.Snapshot.EndPosition == start.Writer.Header.FirstPosition;

    /// <summary>Ids in the last segment, those of frames that are not durable yet included.</summary>
    private int _idCount = start.Contents.Ids.Count;

    /// <summary>Index and ids of the last segment.</summary>
    public SegmentContents Contents { get; private set; } = start.Contents;

    private string FilePath =>
        Path.Combine(directory, SegmentName.Of(_writer.Header.Number, _writer.Header.FirstPosition));

    /// <summary>Bytes that a frame takes from the free space; none where the file is prepared.</summary>
    public long SpaceFor(PendingFrame frame)
    {
        if (frame.Records.Count == 0)
        {
            return 0;
        }

        var length = frame.Buffer.FrameLength + SegmentWriter.PaddingMax;
        return IsFullFor(frame)
            ? Math.Max(0, length - factory.PreparedLength)
            : Math.Max(0, length - Math.Max(0, _writer.PreparedLength - _writer.WrittenOffset));
    }

    /// <summary>True if the frame belongs into the next segment.</summary>
    public bool IsFullFor(PendingFrame frame)
    {
        var end = _writer.WrittenOffset + frame.Buffer.FrameLength;
        // Ids leave memory by whole segments, so that a segment must not hold more than a part of them.
        var hasManyIds = _idCount >= Math.Max(1, options.DedupeIdsMax / 4);
        var hasBetterPlace = end > _writer.PreparedLength && _writer.WrittenOffset >= UnpreparedBytesMin
            && factory.PreparedLength > 0;
        return !_isEmpty && (end > options.SegmentBytesMax || hasManyIds || hasBetterPlace);
    }

    /// <summary>
    /// Writes a frame to the last segment. After an <see cref="IOException"/> only <see cref="Reopen"/> may follow.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="meanwhile">Done while the machine writes; it may call <see cref="Flush"/> of the frame before.
    /// Null: nothing.</param>
    public void Write(PendingFrame frame, Action? meanwhile)
    {
        var offset = _writer.WrittenOffset;
        var bytes = _writer.Write(frame.Buffer, FrameKind.Records, frame.FirstPosition, meanwhile);
        frame.WrittenTo(offset, bytes);
        _isEmpty = false;
        _idCount += frame.Ids.Count;
        pace.FrameWritten(bytes.Length, _writer.WrittenOffset, _writer.PreparedLength);
        if (_writer.WrittenOffset >= Math.Max(UnpreparedBytesMin, _writer.PreparedLength / PreparedPart))
        {
            upkeep.Prepare(_writer.PreparedLength);
        }
    }

    /// <summary>Makes a written frame durable.</summary>
    public void Flush(PendingFrame frame)
    {
        _writer.Flush(frame.EndOffset);
        publication.Recent.Add(_writer.Header.Number, frame.FileOffset, frame.Written.Span);
    }

    /// <summary>
    /// Says that everything before was flushed, and keeps the index: the next start has nothing to walk.
    /// </summary>
    public void MarkEnd(IndexStore indexes)
    {
        var offset = _writer.EndOffset;
        _writer.Append(new FrameBuffer(0), FrameKind.EndMark, publication.Current.EndPosition);
        Contents.Add(offset, _writer.EndOffset, [], [], EventTimes.None);
        indexes.Write(Contents);
    }

    /// <summary>
    /// After a failure: lets go of the handle and opens the last segment anew; dispose what is returned.
    /// </summary>
    public IStorageFile Reopen()
    {
        _writer.Dispose();
        return files.Open(FilePath, StorageFileMode.ReadWrite);
    }

    /// <summary>Cuts what a failed write or flush may have left behind the last durable frame.</summary>
    /// <remarks>
    /// No record depends on the flush: the next segment's header says where this one ends. It shows that the disk keeps
    /// what it is told before the log goes on.
    /// </remarks>
    // Not inlined: the power-loss suite takes flushes away by the method that asks for them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Cut(IStorageFile file)
    {
        file.SetLength(_writer.EndOffset);
        file.Flush();
    }

    /// <summary>
    /// Starts the next segment; its header says where this one ends. All frames must be durable and published.
    /// </summary>
    public void StartSegment()
    {
        var (old, oldContents) = (_writer, Contents);
        var header = old.Header with
        {
            Number = old.Header.Number + 1,
            FirstPosition = publication.Current.EndPosition,
            PredecessorEnd = old.EndOffset,
            Salt = SegmentSalt.New(),
            ClockMaxMs = Contents.Index.ClockMaxMs,
        };
        var table = new FrameBuffer(0);
        streams.WriteTo(table);
        _writer = factory.Create(header, table, FrameKind.StreamTable);
        Contents = new SegmentContents(header);
        (_isEmpty, _idCount) = (true, 0);
        upkeep.SegmentStarted(Contents);
        publication.Add(new Segment(files, directory, header), _writer.EndOffset);
        old.Seal();
        upkeep.SegmentSealed(oldContents);
    }

    public void Dispose() => _writer.Dispose();
}
