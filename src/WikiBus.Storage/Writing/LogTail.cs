using System.Runtime.CompilerServices;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The end of the log on disk: appends frames to the last segment, starts the next one when it is full, and mends the
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

    /// <summary>When this part of a prepared segment is used, the next one is prepared.</summary>
    private const int PreparedPart = 4;

    private SegmentWriter _writer = start.Writer;

    /// <summary>Index and ids of the last segment.</summary>
    public SegmentContents Contents { get; private set; } = start.Contents;

    public long EndOffset => _writer.EndOffset;

    /// <summary>Where the frame that was appended last begins.</summary>
    public long LastFrameOffset { get; private set; }

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
        return IsFullFor(frame.Buffer.FrameLength)
            ? Math.Max(0, length - factory.PreparedLength)
            : Math.Max(0, length - Math.Max(0, _writer.PreparedLength - _writer.EndOffset));
    }

    /// <summary>
    /// Makes a frame durable. After an <see cref="IOException"/> only <see cref="Reopen"/> may follow.
    /// </summary>
    public void Append(PendingFrame frame)
    {
        if (IsFullFor(frame.Buffer.FrameLength))
        {
            StartSegment();
        }

        Append(frame.Buffer, FrameKind.Records, frame.FirstPosition);
        pace.FrameWritten(frame.Buffer.FrameLength, _writer.EndOffset, _writer.PreparedLength);
        if (_writer.EndOffset >= Math.Max(UnpreparedBytesMin, _writer.PreparedLength / PreparedPart))
        {
            upkeep.Prepare(_writer.PreparedLength);
        }
    }

    /// <summary>
    /// Says that everything before was flushed, and keeps the index: the next start has nothing to walk.
    /// </summary>
    public void MarkEnd(IndexStore indexes)
    {
        Append(new FrameBuffer(0), FrameKind.EndMark, publication.Current.EndPosition);
        Contents.Add(LastFrameOffset, EndOffset, [], [], EventTimes.None);
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

    /// <summary>Starts the next segment; its header says where this one ends.</summary>
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
        upkeep.SegmentStarted(Contents);
        publication.Add(new Segment(files, directory, header), _writer.EndOffset);
        old.Seal();
        upkeep.SegmentSealed(oldContents);
    }

    public void Dispose() => _writer.Dispose();

    private void Append(FrameBuffer frame, FrameKind kind, long firstPosition)
    {
        LastFrameOffset = _writer.EndOffset;
        var bytes = _writer.Append(frame, kind, firstPosition);
        publication.Recent.Add(_writer.Header.Number, LastFrameOffset, bytes);
    }

    private bool IsFullFor(long frameLength)
    {
        var end = _writer.EndOffset + frameLength;
        var isEmpty = publication.Current.EndPosition == _writer.Header.FirstPosition;
        // Ids leave memory by whole segments, so that a segment must not hold more than a part of them.
        var hasManyIds = Contents.Ids.Count >= Math.Max(1, options.DedupeIdsMax / 4);
        var hasBetterPlace = end > _writer.PreparedLength && _writer.EndOffset >= UnpreparedBytesMin
            && factory.PreparedLength > 0;
        return !isEmpty && (end > options.SegmentBytesMax || hasManyIds || hasBetterPlace);
    }
}
