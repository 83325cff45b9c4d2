using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>Makes a durable frame visible. Belongs to the writer's thread.</summary>
internal sealed class FrameCommit(StreamTable streams, LogPublication publication)
{
    /// <summary>The end position moves last: who sees it finds everything else in place.</summary>
    public void Publish(PendingFrame frame, long endOffset)
    {
        if (frame.Records.Count == 0)
        {
            return;
        }

        foreach (var record in frame.Records)
        {
            streams.GetOrAdd(record.Stream).Commit(
                new StreamTail(record.Offset + 1, record.TimeMs, record.Position));
        }

        publication.Advance(frame.Records[^1].Position + 1, endOffset);
    }
}
