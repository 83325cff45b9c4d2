using System.Text;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Decides whether a draft repeats a record that the log holds. Hashes only propose; the record itself decides.
/// Not safe for concurrent use, but for the counters.
/// </summary>
internal sealed class DuplicateFinder(
    DedupeWindow window, IdHistory history, RecordFinder records, ulong seed, Action<LogNotice>? onNotice)
{
    private long _duplicates;
    private long _conflicts;

    /// <summary>Drafts that were repeats.</summary>
    public long DuplicateCount => Interlocked.Read(ref _duplicates);

    /// <summary>Drafts whose id the log held with other bytes; they were stored.</summary>
    public long ConflictCount => Interlocked.Read(ref _conflicts);

    /// <summary>Brings back what the log knew before it was opened.</summary>
    public void Load() => history.Load();

    public void Trim() => history.Trim();

    /// <param name="draft">What is to be appended.</param>
    /// <param name="filling">The frame that fills.</param>
    /// <param name="flushing">The frame that is being flushed.</param>
    public IdentityVerdict Find(RecordDraft draft, PendingFrame filling, PendingFrame flushing)
    {
        if (draft.Identity.Rule == IdentityRule.AlwaysNew || draft.Id.IsEmpty)
        {
            return IdentityVerdict.Untracked;
        }

        Span<byte> stream = stackalloc byte[RecordView.StreamBytesMax];
        stream = stream[..Encoding.ASCII.GetBytes(draft.Stream, stream)];
        var key = IdentityHash.Of(seed, stream, draft.Id.Span);
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

        if (search.Duplicate is null)
        {
            LookInFiles(ref search, key, draft.Identity.TimeMs);
        }

        Count(search);
        return new IdentityVerdict(search.Duplicate, IsTracked: true, key, content, search.HasSameId);
    }

    public void Add(in IdEntry entry) => window.Add(entry);

    public void Forget(long position) => window.RemoveFrom(position);

    private void LookInFiles(ref DuplicateSearch search, ulong key, long eventTimeMs)
    {
        try
        {
            foreach (var position in history.FindOlder(key, eventTimeMs))
            {
                search.Look(position);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or LogDamagedException)
        {
            // Storing an event twice is allowed, refusing it for an unreadable old segment is not.
            onNotice?.Invoke(new LogNotice(
                LogNoticeSeverity.Warning,
                $"Old ids cannot be read; a repeat may be stored again. {exception.Message}"));
        }
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
