using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>Brings the log back at start. Looks at the last segment only.</summary>
internal sealed class LogRecovery(IFileSystem files, string directory)
{
    public StreamTable Streams { get; } = new();

    public (LogSnapshot Snapshot, SegmentWriter Writer) Run(SegmentFactory factory)
    {
        var segments = FindSegments();
        if (segments.Length == 0)
        {
            return CreateFirst(factory);
        }

        var last = segments[^1];
        using var open = last.Open();
        var scanner = new FrameScanner(
            open.File, SegmentHeader.Length, open.File.Length, open.Header.Salt);
        var position = last.FirstPosition;
        while (scanner.Next())
        {
            position = Add(scanner, position);
        }

        var file = files.Open(last.FilePath, StorageFileMode.ReadWrite);
        var writer = new SegmentWriter(file, open.Header, scanner.Offset);
        return (new LogSnapshot(segments, position, scanner.Offset), writer);
    }

    private long Add(FrameScanner scanner, long position)
    {
        foreach (var bytes in scanner.Records)
        {
            if (scanner.Frame.Kind == FrameKind.StreamTable)
            {
                var (stream, tail) = StreamTableFrame.Read(bytes.Span);
                Streams.GetOrAdd(stream).Commit(tail);
            }
            else
            {
                var record = new RecordView(bytes);
                Streams.GetOrAdd(record.StreamText).Commit(
                    new StreamTail(record.Offset + 1, record.TimeMs, record.Position));
                position = record.Position + 1;
            }
        }

        return position;
    }

    private Segment[] FindSegments()
    {
        var segments = new List<Segment>();
        foreach (var name in files.ListFiles(directory))
        {
            if (SegmentName.TryParse(name, out var number, out var firstPosition))
            {
                segments.Add(new Segment(files, directory, number, firstPosition));
            }
        }

        segments.Sort((left, right) => left.Number.CompareTo(right.Number));
        for (var index = 1; index < segments.Count; index++)
        {
            segments[index - 1].Successor = segments[index];
        }

        return [.. segments];
    }

    private (LogSnapshot Snapshot, SegmentWriter Writer) CreateFirst(SegmentFactory factory)
    {
        var header = new SegmentHeader
        {
            Kind = SegmentKind.Events,
            LogId = Guid.NewGuid(),
            Number = 1,
            FirstPosition = 0,
            PredecessorEnd = 0,
            Salt = SegmentSalt.New(),
            IdentitySeed = SegmentSalt.New(),
        };
        var writer = factory.Create(header, new FrameBuffer(0), FrameKind.StreamTable);
        var segment = new Segment(files, directory, 1, 0);
        return (new LogSnapshot([segment], 0, writer.EndOffset), writer);
    }
}
