using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The end of the log on disk: appends frames to the last segment, starts the next one when it is full, and mends the end after
/// a failure. Belongs to the writer's thread.
/// </summary>
internal sealed class LogTail(
    IFileSystem files,
    string directory,
    EventLogOptions options,
    SegmentFactory factory,
    StreamTable streams,
    LogPublication publication,
    SegmentWriter writer) : IDisposable
{
    private SegmentWriter _writer = writer;

    public long EndOffset => _writer.EndOffset;

    public string FileName => SegmentName.Of(_writer.Header.Number, _writer.Header.FirstPosition);

    /// <summary>Makes a frame durable. After an <see cref="IOException"/> only <see cref="Mend"/> may follow.</summary>
    public void Append(PendingFrame frame)
    {
        if (!HasRoomFor(frame.Buffer.FrameLength))
        {
            StartSegment();
        }

        _writer.Append(frame.Buffer, FrameKind.Records, frame.FirstPosition);
    }

    /// <summary>Says that everything before was flushed: a graceful stop.</summary>
    public void MarkEnd(long position) => _writer.Append(new FrameBuffer(0), FrameKind.EndMark, position);

    /// <summary>
    /// Cuts what a failed write or flush may have left behind the last durable frame:
    /// 1. the handle is closed (after a failed flush it must not be trusted), 2. the file is opened again,
    /// 3. cut to the last committed byte, 4. flushed.
    /// </summary>
    public void Mend()
    {
        _writer.Dispose();
        using var file = files.Open(Path.Combine(directory, FileName), StorageFileMode.ReadWrite);
        file.SetLength(_writer.EndOffset);
        file.Flush();
    }

    /// <summary>Starts the next segment; its header says where this one ends.</summary>
    public void StartSegment()
    {
        var old = _writer;
        var position = publication.Current.EndPosition;
        var header = old.Header with
        {
            Number = old.Header.Number + 1,
            FirstPosition = position,
            PredecessorEnd = old.EndOffset,
            Salt = SegmentSalt.New(),
        };
        var table = new FrameBuffer(0);
        streams.WriteTo(table);
        _writer = factory.Create(header, table, FrameKind.StreamTable);
        publication.Add(new Segment(files, directory, header.Number, position), _writer.EndOffset);
        old.CutToLength();
        old.Dispose();
    }

    public void Dispose() => _writer.Dispose();

    private bool HasRoomFor(long frameLength) =>
        _writer.EndOffset + frameLength <= options.SegmentBytesMax
        || publication.Current.EndPosition == _writer.Header.FirstPosition;
}
