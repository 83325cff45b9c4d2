using WikiBus.Storage.Files;
using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Makes segments. A segment gets its name only when its first bytes are durable, so that no torn header is ever met.
/// </summary>
internal sealed class SegmentFactory(IFileSystem files, string directory)
{
    /// <summary>The file that becomes the next segment; filled by <see cref="Writing.SegmentPreparation"/>.</summary>
    public static readonly string NameOfPrepared = SegmentName.OfNew("prepared");
    private static readonly string s_nameOfCreated = SegmentName.OfNew("created");

    /// <summary>Set by the upkeep, which prepares nothing while it is set; set back by the writer.</summary>
    private long _preparedLength;

    /// <summary>The memory of the log's writers, one after the other.</summary>
    public PageBuffer Pages { get; } = SegmentWriter.NewPages();

    /// <summary>Length of the file that waits to become a segment; 0: there is none.</summary>
    public long PreparedLength => Volatile.Read(ref _preparedLength);

    /// <summary>The prepared file is ready.</summary>
    public void Offer(long length) => Volatile.Write(ref _preparedLength, length);

    /// <summary>Makes a segment whose first frame is given, durable before it returns.</summary>
    public SegmentWriter Create(SegmentHeader header, FrameBuffer firstFrame, FrameKind kind)
    {
        var temporary = TakePrepared();
        var file = temporary is null
            ? CreateEmpty(out temporary)
            : files.Open(temporary, StorageFileMode.ReadWrite);
        try
        {
            var endOffset = WriteStart(file, header, firstFrame, kind);
            var path = Path.Combine(directory, SegmentName.Of(header.Number, header.FirstPosition));
            files.Rename(temporary, path);
            files.FlushDirectory(directory, "name of a segment");
            return new SegmentWriter(file, new OpenedPath(files, path), header, endOffset, Pages);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long WriteStart(IStorageFile file, SegmentHeader header, FrameBuffer firstFrame, FrameKind kind)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Length];
        header.Write(bytes);
        file.Write(0, bytes);
        var frame = firstFrame.Finish(kind, header.FirstPosition, SegmentHeader.Length, header.Salt).Span;
        file.Write(SegmentHeader.Length, frame);
        file.Flush("start of a segment");
        return SegmentHeader.Length + frame.Length;
    }

    private IStorageFile CreateEmpty(out string path)
    {
        path = Path.Combine(directory, s_nameOfCreated);
        files.Delete(path);
        return files.Open(path, StorageFileMode.CreateNew);
    }

    private string? TakePrepared()
    {
        if (PreparedLength == 0)
        {
            return null;
        }

        // Under a name of its own, so that the next one can be prepared while this one becomes a segment.
        var path = Path.Combine(directory, s_nameOfCreated);
        files.Rename(Path.Combine(directory, NameOfPrepared), path);
        Volatile.Write(ref _preparedLength, 0);
        return path;
    }
}
