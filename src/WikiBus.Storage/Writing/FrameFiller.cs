using WikiBus.Storage.Frames;
using WikiBus.Storage.Records;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Streams;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Encodes requests into the frame that comes next: gives positions and offsets, and recognises repeats. Belongs to the
/// writer's thread.
/// </summary>
internal sealed class FrameFiller(
    StreamTable streams, DuplicateFinder duplicates, EventLogOptions options, TimeProvider time, long nextPosition)
{
    private long _nextPosition = nextPosition;

    /// <summary>Brings back the ids that the log knew before it was opened.</summary>
    public void Load() => duplicates.Load();

    /// <summary>Lets go of ids beyond the window's limits.</summary>
    public void Trim() => duplicates.Trim();

    /// <summary>
    /// Puts a request into the frame, whole; else (nothing was put) says why it is refused.
    /// </summary>
    public string? Fill(PendingFrame frame, AppendRequest request)
    {
        if (!HasRoomForStreams(request.Drafts))
        {
            return "The log has the most streams that it may have.";
        }

        // Before anything is put: a fault on the way would leave half of the request in the frame.
        if (duplicates.Compare(request.Drafts, frame) is { } refusal)
        {
            return refusal;
        }

        var timeMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var firstPosition = _nextPosition;
        for (var index = 0; index < request.Drafts.Count; index++)
        {
            var draft = request.Drafts[index];
            request.Outcomes[index] = Fill(frame, draft, duplicates.Settle(index, draft, frame, firstPosition), timeMs);
        }

        return null;
    }

    /// <summary>
    /// A frame was not made durable: what was given since <paramref name="endPosition"/> is taken back.
    /// </summary>
    public void RollBack(long endPosition)
    {
        _nextPosition = endPosition;
        streams.RollBack();
        duplicates.Forget(endPosition);
    }

    private RecordOutcome Fill(PendingFrame frame, RecordDraft draft, in IdentityVerdict identity, long timeMs)
    {
        if (identity.Duplicate is { } duplicate)
        {
            return duplicate;
        }

        var stream = streams.GetOrAdd(draft.Stream);
        var position = _nextPosition++;
        var offset = stream.TakeOffset();
        var content = frame.Buffer.BeginRecord(RecordWriter.ContentLength(draft));
        RecordWriter.Write(content, draft, position, offset, timeMs);
        frame.Buffer.EndRecord();
        frame.Records.Add(new RecordEntry(stream.Name, position, offset, timeMs));
        if (identity.ToEntry(position) is { } entry)
        {
            frame.Ids.Add(entry);
            frame.Times = frame.Times.With(draft.Identity.TimeMs);
            duplicates.Add(entry);
        }

        return new RecordOutcome(position, offset, IsDuplicate: false);
    }

    private bool HasRoomForStreams(IReadOnlyList<RecordDraft> drafts)
    {
        if (streams.Count + drafts.Count <= options.StreamCountMax)
        {
            return true;
        }

        var added = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < drafts.Count; index++)
        {
            if (streams.Find(drafts[index].Stream) is null)
            {
                added.Add(drafts[index].Stream);
            }
        }

        return streams.Count + added.Count <= options.StreamCountMax;
    }
}
