using System.Diagnostics;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

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
    RecoveredLog start) : IDisposable
{
    /// <summary>
    /// A segment that was not prepared grows at least to this size before a prepared one follows it: a small log takes
    /// little space.
    /// </summary>
    private const long UnpreparedBytesMin = 64 * 1024;

    private SegmentWriter _writer = start.Writer;
    private bool _isEmpty = start.Snapshot.EndPosition == start.Writer.Header.FirstPosition;

    /// <summary>Index and ids of the last segment.</summary>
    public SegmentContents Contents { get; private set; } = start.Contents;

    private string FilePath =>
        Path.Combine(directory, SegmentName.Of(_writer.Header.Number, _writer.Header.FirstPosition));

    /// <summary>Ids leave memory by whole segments, so one segment may hold only a part of them.</summary>
    private int IdCountMax => Math.Max(1, options.DedupeIdsMax / 4);

    /// <summary>Why what is written to the last segment would be lost; null: it would not.</summary>
    public string? FindFault() => _writer.FindFault();

    /// <summary>Bytes that a frame takes from the free space; 0 where the file is prepared.</summary>
    public long SpaceFor(PendingFrame frame)
    {
        if (frame.Records.Count == 0)
        {
            return 0;
        }

        var length = frame.Buffer.FrameLength + SegmentWriter.PaddingMax;
        return IsFullFor(frame)
            ? Math.Max(0, length - factory.PreparedLength)
            : Math.Max(0, length - Math.Max(0, _writer.PreparedLength - _writer.EndOffset));
    }

    /// <summary>True if the frame belongs into the next segment.</summary>
    public bool IsFullFor(PendingFrame frame)
    {
        var end = _writer.EndOffset + frame.Buffer.FrameLength;
        var hasBetterPlace = end > _writer.PreparedLength && _writer.EndOffset >= UnpreparedBytesMin
            && factory.PreparedLength > 0;
        return !_isEmpty && (end > options.SegmentBytesMax || Contents.Ids.Count >= IdCountMax || hasBetterPlace);
    }

    /// <summary>
    /// Writes a frame to the last segment and makes it durable. After an <see cref="IOException"/> only
    /// <see cref="Reopen"/> may follow.
    /// </summary>
    public void Append(PendingFrame frame)
    {
        Debug.Assert(frame.Records.Count > 0, "A frame without records is never written.");
        var offset = _writer.EndOffset;
        var bytes = _writer.Append(frame.Buffer, FrameKind.Records, frame.FirstPosition);
        frame.WrittenTo(offset, _writer.EndOffset);
        _isEmpty = false;
        publication.Recent.Add(_writer.Header.Number, offset, bytes.Span);
        if (_writer.EndOffset >= UnpreparedBytesMin)
        {
            upkeep.Prepare(_writer.PreparedLength, PartUsed);
        }
    }

    /// <summary>
    /// Writes the end mark, since everything before it was flushed, and the index files: the next start walks nothing.
    /// </summary>
    public void MarkEnd(IdStore ids)
    {
        var offset = _writer.EndOffset;
        _writer.Append(new FrameBuffer(0), FrameKind.EndMark, publication.Current.EndPosition);
        Contents.Add(offset, _writer.EndOffset, [], [], EventTimes.None);
        Contents.Index.IsLogEnd = true;
        ids.WriteWithIndex(Contents);
    }

    /// <summary>
    /// After a failure: closes the handle and opens the last segment again; dispose what is returned.
    /// </summary>
    public IStorageFile Reopen()
    {
        _writer.Dispose();
        return OpenAgain();
    }

    /// <summary>Cuts what a failed write or flush may have left behind the last durable frame.</summary>
    /// <remarks>
    /// No record depends on the flush: the next segment's header says where this one ends. It shows that the disk works
    /// before the log continues.
    /// </remarks>
    public void Cut(IStorageFile file)
    {
        file.SetLength(_writer.EndOffset);
        file.Flush("cut after a failure");
    }

    /// <summary>
    /// Starts the next segment:
    /// 1. it is made, durable under its name; its header says where this one ends. A crash leaves it empty, and
    /// recovery does step 2;
    /// 2. this one gets its seal. A crash leaves the next one empty and in use;
    /// 3. frames go to the next one from now on.
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
        var next = factory.Create(header, table, FrameKind.StreamTable);
        var sealEnd = Seal(old, header.FirstPosition, next);
        _writer = next;
        Contents = new SegmentContents(header);
        _isEmpty = true;
        upkeep.SegmentStarted(Contents);
        publication.Add(new Segment(files, directory, header), _writer.EndOffset);
        old.Close(sealEnd);
        upkeep.SegmentSealed(oldContents);
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>How much of the last segment is used, 0 to 1; one that was not prepared counts as used up.</summary>
    private double PartUsed => Math.Max(
        _writer.EndOffset / (double)Math.Max(1, _writer.PreparedLength), Contents.Ids.Count / (double)IdCountMax);

    /// <summary>Through a handle of its own: after a failure the writer's is closed.</summary>
    private long Seal(SegmentWriter writer, long nextPosition, SegmentWriter next)
    {
        try
        {
            using var file = OpenAgain();
            return SegmentSeal.Write(file, writer.Header, writer.EndOffset, nextPosition);
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    /// <summary>The last segment by its path: another file that has the path now must not be changed.</summary>
    private IStorageFile OpenAgain() => FindFault() is { } fault
        ? throw new IOException(fault)
        : files.Open(FilePath, StorageFileMode.ReadWrite);
}
