using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// A frame that fills in memory or is on its way to the disk, and what must be told and kept once it is durable.
/// </summary>
internal sealed class PendingFrame(int frameBytesMax)
{
    public FrameBuffer Buffer { get; } = new(frameBytesMax);

    public List<QueuedRequest> Requests { get; private set; } = [];

    /// <summary>The records in the buffer, in its order.</summary>
    public List<RecordEntry> Records { get; } = [];

    /// <summary>The ids of those records that have one.</summary>
    public List<IdEntry> Ids { get; } = [];

    /// <summary>The times that events tell whose ids are in <see cref="Ids"/>.</summary>
    public EventTimes Times { get; set; } = EventTimes.None;

    /// <summary>The frame as it went to the file; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written { get; private set; }

    /// <summary>Where it begins in its segment, once it is written.</summary>
    public long FileOffset { get; private set; }

    /// <summary>Where it ends in its segment, once it is written.</summary>
    public long EndOffset => FileOffset + Written.Length;

    public long FirstPosition => Records[0].Position;

    /// <summary>True if a request with so many records and bytes may still join.</summary>
    public bool HasRoomFor(QueuedRequest request) => Requests.Count == 0
        || (Buffer.BodyLength + request.ByteCount <= frameBytesMax
            && Buffer.RecordCount + request.Drafts.Count <= FrameHeader.RecordCountMax);

    /// <summary>True if a record was put at this position or behind it.</summary>
    public bool Holds(long position) => Records.Count > 0 && Records[^1].Position >= position;

    /// <summary>A record of this frame; null when the position is another frame's.</summary>
    public RecordView? Find(long position)
    {
        if (Records.Count == 0 || position < Records[0].Position || position > Records[^1].Position)
        {
            return null;
        }

        return new RecordView(Buffer.Record((int)(position - Records[0].Position)));
    }

    /// <summary>The requests, for whoever answers them; the frame keeps none.</summary>
    public List<QueuedRequest> TakeRequests()
    {
        var requests = Requests;
        Requests = new List<QueuedRequest>(requests.Count);
        return requests;
    }

    /// <summary>Notes where the frame went in the file.</summary>
    public void WrittenTo(long fileOffset, ReadOnlyMemory<byte> bytes) => (FileOffset, Written) = (fileOffset, bytes);

    public void Clear()
    {
        Written = default;
        Buffer.Clear();
        Requests.Clear();
        Records.Clear();
        Ids.Clear();
        Times = EventTimes.None;
    }
}
