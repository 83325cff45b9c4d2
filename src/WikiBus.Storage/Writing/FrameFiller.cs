using System.Diagnostics;
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

    /// <summary>Loads the ids from before the log was opened.</summary>
    public void Load() => duplicates.Load();

    /// <summary>Removes ids beyond the window's limits.</summary>
    public void Trim() => duplicates.Trim();

    /// <summary>
    /// Puts a whole request into the frame. Null; or why it is refused: then nothing was put.
    /// </summary>
    public string? Fill(PendingFrame frame, AppendRequest request)
    {
        if (!HasRoomForStreams(request.Drafts))
        {
            return "The log has the most streams that it may have.";
        }

        // This comes before anything is put: a later fault would leave half of the request in the frame.
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
    /// Takes back what was given since <paramref name="endPosition"/>, since the frame did not become durable.
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
        Debug.Assert(
            frame.Records.Count == 0 || frame.Records[^1].Position + 1 == _nextPosition,
            "The records of a frame have consecutive positions.");
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
