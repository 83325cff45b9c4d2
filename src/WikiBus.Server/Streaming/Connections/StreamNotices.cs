using System.Buffers;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>What a connection writes besides events: ids, heartbeats, gaps and errors. It flushes nothing.</summary>
internal sealed class StreamNotices(
    IBufferWriter<byte> output, StreamRequest request, ConnectionCursor cursor, ConnectionParts parts)
{
    private bool IsEvents => request.Format == StreamFormat.ServerSentEvents;

    /// <summary>The beginning of the response.</summary>
    /// <param name="gaps">What the client asked for and cannot get.</param>
    public void WriteOpening(IReadOnlyList<StreamGap> gaps)
    {
        BlockWriter.WritePrelude(output, request.Format);
        if (IsEvents)
        {
            // An id before the first event: a client that loses the connection before it misses nothing either.
            WriteIdBlock(parts.Options.RetryDelay);
        }

        foreach (var gap in gaps)
        {
            WriteGap(gap);
        }
    }

    public void WriteHeartbeat()
    {
        if (IsEvents)
        {
            WriteIdBlock(retry: null);
        }
        else
        {
            BlockWriter.WritePrelude(output, request.Format);
        }
    }

    /// <summary>The end of the response.</summary>
    /// <param name="retryMs">When the client is to come back, in milliseconds; 0: the client decides.</param>
    public void WriteFarewell(long retryMs)
    {
        if (IsEvents)
        {
            WriteIdBlock(retryMs == 0 ? null : TimeSpan.FromMilliseconds(retryMs));
        }
    }

    /// <summary>Writes a gap for each stream that lost records to retention, and moves the cursor over them.</summary>
    public void WriteLoss()
    {
        // First: what retention takes from here on belongs to the next gap.
        var firstPosition = parts.Feed.FirstPosition;
        foreach (var stream in request.Streams)
        {
            var reached = cursor.OffsetOf(stream);
            var firstOffset = parts.Feed.FirstOffsetOf(stream);
            if (firstOffset > (reached ?? 0))
            {
                WriteGap(new StreamGap(stream, reached, firstOffset, StreamGap.Retention));
            }
        }

        cursor.SkipLostRecords(firstPosition);
    }

    /// <summary>An <c>error</c> event.</summary>
    public void WriteError(ArrayBufferWriter<byte> data) => BlockWriter.WriteNotice(
        output, request.Format, "error"u8, parts.Feed.Ids, cursor.Place, cursor.Position, data);

    private void WriteIdBlock(TimeSpan? retry) =>
        BlockWriter.WriteIdBlock(output, parts.Feed.Ids, cursor.Place, cursor.Position, retry);

    private void WriteGap(StreamGap gap)
    {
        parts.Diagnostics.CountGap(gap.Reason);
        BlockWriter.WriteNotice(
            output, request.Format, "gap"u8, parts.Feed.Ids, cursor.Place, cursor.Position, BlockWriter.GapData(gap));
    }
}
