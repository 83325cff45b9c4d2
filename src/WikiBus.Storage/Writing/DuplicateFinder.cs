using System.Text;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Decides whether a draft repeats a record that the log holds. Hashes only propose; the record itself decides.
/// Not safe for concurrent use, but for the counters.
/// </summary>
internal sealed class DuplicateFinder(
    DedupeWindow window, IdHistory history, RecordFinder records, ulong seed)
{
    /// <summary>What <see cref="TryLookBack(IReadOnlyList{RecordDraft})"/> found: positions by hash.</summary>
    private readonly Dictionary<ulong, List<long>> _older = [];
    private readonly List<long> _found = [];
    private long _duplicates;
    private long _conflicts;

    /// <summary>Drafts that were repeats.</summary>
    public long DuplicateCount => Interlocked.Read(ref _duplicates);

    /// <summary>Drafts whose id the log held with other bytes; they were stored.</summary>
    public long ConflictCount => Interlocked.Read(ref _conflicts);

    /// <summary>Brings back what the log knew before it was opened.</summary>
    public void Load() => history.Load();

    public void Trim() => history.Trim();

    /// <summary>
    /// Looks for drafts in id files, where the window does not reach; to be done before <see cref="Find"/> is asked for
    /// them. False if it cannot be told now whether they are new.
    /// </summary>
    public bool TryLookBack(IReadOnlyList<RecordDraft> drafts)
    {
        _older.Clear();
        for (var index = 0; index < drafts.Count; index++)
        {
            var draft = drafts[index];
            if (IsTracked(draft) && history.Reaches(draft.Identity.TimeMs) && !TryLookBack(draft))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="draft">What is to be appended.</param>
    /// <param name="filling">The frame that fills.</param>
    /// <param name="flushing">The frame that is being flushed.</param>
    public IdentityVerdict Find(RecordDraft draft, PendingFrame filling, PendingFrame flushing)
    {
        if (!IsTracked(draft))
        {
            return IdentityVerdict.Untracked;
        }

        var key = KeyOf(draft, stackalloc byte[RecordView.StreamBytesMax], out var stream);
        var content = draft.Identity.Rule == IdentityRule.IdOnly
            ? 0
            : IdentityHash.Fold(draft.Identity.ContentHash);
        var search = new DuplicateSearch(draft, stream, filling, flushing, records);
        foreach (var position in window.Find(key))
        {
            search.Look(position);
        }

        if (window.HasConflicts)
        {
            // An id that came with other bytes before is filed under its content.
            foreach (var position in window.Find(DedupeWindow.HashOf(key, content)))
            {
                search.Look(position);
            }
        }

        if (_older.Count > 0 && _older.TryGetValue(key, out var older))
        {
            foreach (var position in older)
            {
                search.Look(position);
            }
        }

        Count(search);
        return new IdentityVerdict(search.Duplicate, IsTracked: true, key, content, search.HasSameId);
    }

    public void Add(in IdEntry entry) => window.Add(entry);

    public void Forget(long position) => window.RemoveFrom(position);

    private static bool IsTracked(RecordDraft draft) =>
        draft.Identity.Rule != IdentityRule.AlwaysNew && !draft.Id.IsEmpty;

    /// <summary>The hash of stream and id, and the stream's name as bytes.</summary>
    private ulong KeyOf(RecordDraft draft, Span<byte> buffer, out ReadOnlySpan<byte> stream)
    {
        stream = buffer[..Encoding.ASCII.GetBytes(draft.Stream, buffer)];
        return IdentityHash.Of(seed, stream, draft.Id.Span);
    }

    private bool TryLookBack(RecordDraft draft)
    {
        var key = KeyOf(draft, stackalloc byte[RecordView.StreamBytesMax], out _);
        _found.Clear();
        if (!history.TryFindOlder(key, draft.Identity.TimeMs, _found))
        {
            return false;
        }

        // One id twice in a request, with two times: the earlier time finds more.
        if (_found.Count > 0 && (!_older.TryGetValue(key, out var known) || known.Count < _found.Count))
        {
            _older[key] = [.. _found];
        }

        return true;
    }

    private void Count(in DuplicateSearch search)
    {
        if (search.Duplicate is not null)
        {
            Interlocked.Increment(ref _duplicates);
        }
        else if (search.HasSameId)
        {
            Interlocked.Increment(ref _conflicts);
        }
    }
}
