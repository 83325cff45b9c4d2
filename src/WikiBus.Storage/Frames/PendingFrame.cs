using System.Diagnostics;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Frames;

/// <summary>
/// The frame that is filled in memory and then written, and what the indexes keep of it once it is durable.
/// </summary>
internal sealed class PendingFrame(int frameBytesMax)
{
    public FrameBuffer Buffer { get; } = new(frameBytesMax);

    /// <summary>The records in the buffer, in its order.</summary>
    public List<RecordEntry> Records { get; } = [];

    /// <summary>The ids of those records that have one.</summary>
    public List<IdEntry> Ids { get; } = [];

    /// <summary>The times of the events whose ids are in <see cref="Ids"/>.</summary>
    public EventTimes Times { get; set; } = EventTimes.None;

    /// <summary>Where it begins in its segment, once it is durable.</summary>
    public long FileOffset { get; private set; }

    /// <summary>Where it ends in its segment, once it is durable.</summary>
    public long EndOffset { get; private set; }

    public long FirstPosition => Records[0].Position;

    /// <summary>True if the frame has room for more records of this total length.</summary>
    public bool HasRoomFor(long byteCount, int recordCount) => Buffer.BodyLength + byteCount <= frameBytesMax
        && Buffer.RecordCount + recordCount <= FrameHeader.RecordCountMax;

    /// <summary>True if it has a record at this position or behind it.</summary>
    public bool Holds(long position) => Records.Count > 0 && Records[^1].Position >= position;

    /// <summary>A record of this frame; null when the position is another frame's.</summary>
    public RecordView? Find(long position)
    {
        if (Records.Count == 0 || position < Records[0].Position || position > Records[^1].Position)
        {
            return null;
        }

        Debug.Assert(
            Records[^1].Position - Records[0].Position == Records.Count - 1, "The records have consecutive positions.");
        return new RecordView(Buffer.Record((int)(position - Records[0].Position)));
    }

    /// <summary>Keeps where the frame is in the file.</summary>
    public void WrittenTo(long fileOffset, long endOffset) => (FileOffset, EndOffset) = (fileOffset, endOffset);

    public void Clear()
    {
        Buffer.Clear();
        Records.Clear();
        Ids.Clear();
        Times = EventTimes.None;
    }
}
