using System.Diagnostics;
using System.Runtime.InteropServices;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Writing;

/// <summary>Makes a durable frame visible. Belongs to the writer's thread.</summary>
internal sealed class FrameCommit(StreamTable streams, LogPublication publication, LogTail tail)
{
    private long _frames;
    private long _records;

    public long FrameCount => Interlocked.Read(ref _frames);

    public long RecordCount => Interlocked.Read(ref _records);

    /// <summary>The end position moves last: a reader that sees it finds everything else in place.</summary>
    public void Publish(PendingFrame frame)
    {
        Debug.Assert(
            frame.FirstPosition == publication.Current.EndPosition, "A frame begins at the end of the log.");
        // The index before the streams' ends: a reader that sees a stream's end finds its first record.
        tail.Contents.Add(frame.FileOffset, frame.EndOffset, frame.Records, frame.Ids, frame.Times);
        var records = CollectionsMarshal.AsSpan(frame.Records);
        for (var index = 0; index < records.Length; index++)
        {
            // Records of one stream mostly follow each other: only the last of a run is needed.
            if (index + 1 == records.Length || !ReferenceEquals(records[index].Stream, records[index + 1].Stream))
            {
                var last = records[index];
                streams.Commit(last.Stream, new StreamTail(last.Offset + 1, last.TimeMs, last.Position));
            }
        }

        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _records, frame.Records.Count);
        publication.Advance(frame.Records[^1].Position + 1, frame.EndOffset);
    }
}
