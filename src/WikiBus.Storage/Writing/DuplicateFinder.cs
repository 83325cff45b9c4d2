using System.Text;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Writing;

/// <summary>Decides whether a draft repeats a record that the log holds. Not safe for concurrent use.</summary>
internal sealed class DuplicateFinder(DedupeWindow window, ulong seed, Func<long, RecordView?> findRecord)
{
    private long _duplicates;
    private long _conflicts;

    /// <summary>Drafts that were repeats.</summary>
    public long DuplicateCount => Interlocked.Read(ref _duplicates);

    /// <summary>Drafts whose id the log held with other bytes; they were stored.</summary>
    public long ConflictCount => Interlocked.Read(ref _conflicts);

    public IdentityVerdict Find(RecordDraft draft)
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
        var hasSameId = false;
        var duplicate = FindIn(window.Find(key), draft, stream, ref hasSameId)
            ?? FindIn(window.Find(DedupeWindow.HashOf(key, content)), draft, stream, ref hasSameId);
        if (duplicate is not null)
        {
            Interlocked.Increment(ref _duplicates);
        }
        else if (hasSameId)
        {
            Interlocked.Increment(ref _conflicts);
        }

        return new IdentityVerdict(duplicate, IsTracked: true, key, content, hasSameId);
    }

    public void Add(in IdEntry entry) => window.Add(DedupeWindow.HashOf(entry), entry.Position);

    public void Forget(long position) => window.RemoveFrom(position);

    private RecordOutcome? FindIn(
        DedupeWindow.CandidateEnumerator candidates, RecordDraft draft, ReadOnlySpan<byte> stream, ref bool hasSameId)
    {
        foreach (var position in candidates)
        {
            if (findRecord(position) is not { } record
                || !record.Stream.SequenceEqual(stream)
                || !record.Id.Span.SequenceEqual(draft.Id.Span))
            {
                continue;
            }

            if (draft.Identity.Rule == IdentityRule.IdOnly || record.ContentHash == draft.Identity.ContentHash)
            {
                return new RecordOutcome(record.Position, record.Offset, IsDuplicate: true);
            }

            hasSameId = true;
        }

        return null;
    }
}
