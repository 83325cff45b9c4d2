using System.Text;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Decides whether a draft repeats a record that the log holds. Hashes only propose; the record itself decides.
/// Belongs to the writer's thread, but for the counters.
/// </summary>
/// <remarks>
/// What cannot be compared:
/// <list type="bullet">
/// <item>A record that cannot be read now (the disk fails) may be readable in a moment. Until then nobody knows whether
/// the draft repeats it, so its request is refused.</item>
/// <item>A record that is damaged on the disk is not served any more. So the draft is stored again: otherwise the event
/// would be lost although its producer still has it.</item>
/// </list>
/// </remarks>
internal sealed class DuplicateFinder(
    DedupeWindow window,
    IdHistory history,
    RecordFinder records,
    ulong seed,
    Action<LogNotice>? onNotice,
    TimeProvider time)
{
    /// <summary>Records that cannot be read are reported once in this time.</summary>
    private static readonly TimeSpan s_noticeInterval = TimeSpan.FromMinutes(1);

    /// <summary>For each draft of the request that is being compared; 0 for those that are not tracked.</summary>
    private readonly List<ulong> _keys = [];

    /// <summary>What <see cref="Compare"/> found, for each draft of the request.</summary>
    private readonly List<IdentityVerdict> _verdicts = [];
    private readonly List<long> _older = [];
    private long _duplicates;
    private long _conflicts;

    /// <summary>When a record that cannot be read was last reported; null: never.</summary>
    private long? _reportedAt;

    /// <summary>Drafts that were repeats.</summary>
    public long DuplicateCount => Interlocked.Read(ref _duplicates);

    /// <summary>Drafts whose id the log held with other bytes; they were stored.</summary>
    public long ConflictCount => Interlocked.Read(ref _conflicts);

    /// <summary>Loads the ids from before the log was opened.</summary>
    public void Load() => history.Load();

    public void Trim() => history.Trim();

    /// <summary>
    /// Compares the drafts of a request with all records before it. Null; or why nobody knows now whether they are new:
    /// then none of them may be put into the frame.
    /// </summary>
    /// <param name="drafts">The drafts of the request.</param>
    /// <param name="filling">The frame that is being filled; all others are in the file.</param>
    public string? Compare(IReadOnlyList<RecordDraft> drafts, PendingFrame filling)
    {
        FindKeys(drafts);
        _verdicts.Clear();
        try
        {
            for (var index = 0; index < drafts.Count; index++)
            {
                if (!TryCompare(drafts[index], _keys[index], filling))
                {
                    return "The ids of old events are being read again.";
                }
            }
        }
        catch (IOException exception)
        {
            ReportUnreadable(exception);
            return "A record that an event may repeat cannot be read.";
        }

        return null;
    }

    /// <summary>
    /// The verdict on a draft after those before it were put into the frame: it may repeat one of these, too.
    /// </summary>
    /// <param name="index">Which draft of the request that was compared last.</param>
    /// <param name="draft">The draft.</param>
    /// <param name="filling">The frame that is being filled; it has the drafts before this one.</param>
    /// <param name="firstPosition">The first position that the request may have been given.</param>
    public IdentityVerdict Settle(int index, RecordDraft draft, PendingFrame filling, long firstPosition)
    {
        var verdict = _verdicts[index];
        if (verdict is { IsTracked: true, Duplicate: null } && filling.Holds(firstPosition))
        {
            var stream = StreamOf(draft, stackalloc byte[RecordView.StreamBytesMax]);
            var search = new DuplicateSearch(draft, stream, filling, records);
            LookInWindow(ref search, verdict.Key, verdict.Content, firstPosition);
            verdict = verdict with
            {
                Duplicate = search.Duplicate,
                IsConflict = verdict.IsConflict || search.HasSameId,
            };
        }

        Count(verdict);
        return verdict;
    }

    public void Add(in IdEntry entry) => window.Add(entry);

    public void Forget(long position) => window.RemoveFrom(position);

    private static bool IsTracked(RecordDraft draft) =>
        draft.Identity.Rule != IdentityRule.AlwaysNew && !draft.Id.IsEmpty;

    private static ReadOnlySpan<byte> StreamOf(RecordDraft draft, Span<byte> buffer) =>
        buffer[..Encoding.ASCII.GetBytes(draft.Stream, buffer)];

    private void FindKeys(IReadOnlyList<RecordDraft> drafts)
    {
        _keys.Clear();
        Span<byte> buffer = stackalloc byte[RecordView.StreamBytesMax];
        for (var index = 0; index < drafts.Count; index++)
        {
            var draft = drafts[index];
            var key = IsTracked(draft) ? IdentityHash.Of(seed, StreamOf(draft, buffer), draft.Id.Span) : 0;
            _keys.Add(key);
        }
    }

    private bool TryCompare(RecordDraft draft, ulong key, PendingFrame filling)
    {
        if (!IsTracked(draft))
        {
            _verdicts.Add(IdentityVerdict.Untracked);
            return true;
        }

        var stream = StreamOf(draft, stackalloc byte[RecordView.StreamBytesMax]);
        var content = draft.Identity.Rule == IdentityRule.IdOnly
            ? 0
            : IdentityHash.Fold(draft.Identity.ContentHash);
        var search = new DuplicateSearch(draft, stream, filling, records);
        LookInWindow(ref search, key, content, firstPosition: 0);
        if (search.Duplicate is null && history.Reaches(draft.Identity.TimeMs))
        {
            _older.Clear();
            if (!history.TryFindOlder(key, draft.Identity.TimeMs, _older))
            {
                return false;
            }

            foreach (var position in _older)
            {
                search.Look(position);
            }
        }

        _verdicts.Add(new IdentityVerdict(search.Duplicate, IsTracked: true, key, content, search.HasSameId));
        return true;
    }

    private void LookInWindow(ref DuplicateSearch search, ulong key, ulong content, long firstPosition)
    {
        foreach (var position in window.Find(key))
        {
            if (position >= firstPosition)
            {
                search.Look(position);
            }
        }

        if (!window.HasConflicts)
        {
            return;
        }

        // An id that was in use with other bytes is filed under key and content.
        foreach (var position in window.Find(DedupeWindow.HashOf(key, content)))
        {
            if (position >= firstPosition)
            {
                search.Look(position);
            }
        }
    }

    private void Count(in IdentityVerdict verdict)
    {
        if (verdict.Duplicate is not null)
        {
            Interlocked.Increment(ref _duplicates);
        }
        else if (verdict.IsConflict)
        {
            Interlocked.Increment(ref _conflicts);
        }
    }

    private void ReportUnreadable(IOException exception)
    {
        if (_reportedAt is { } reportedAt && time.GetElapsedTime(reportedAt) < s_noticeInterval)
        {
            return;
        }

        _reportedAt = time.GetTimestamp();
        onNotice?.Invoke(new LogNotice(
            LogNoticeSeverity.Error,
            $"A record that an event may repeat cannot be read; requests with such events are refused. "
            + exception.Message));
    }
}
