using WikiBus.Storage.Frames;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Records;

namespace WikiBus.Storage.Repeats;

/// <summary>Compares one draft with the records that hashes propose.</summary>
internal ref struct DuplicateSearch(
    RecordDraft draft,
    ReadOnlySpan<byte> stream,
    PendingFrame filling,
    RecordFinder records)
{
    private readonly ReadOnlySpan<byte> _stream = stream;

    /// <summary>The record that the draft repeats; null while none was found.</summary>
    public RecordOutcome? Duplicate { get; private set; }

    /// <summary>A record of the same stream and id with other bytes was met.</summary>
    public bool HasSameId { get; private set; }

    public void Look(long position)
    {
        if (Duplicate is not null)
        {
            return;
        }

        if (Find(position) is not { } record
            || !record.Stream.SequenceEqual(_stream)
            || !record.Id.Span.SequenceEqual(draft.Id.Span))
        {
            return;
        }

        if (draft.Identity.Rule == IdentityRule.IdOnly || record.ContentHash == draft.Identity.ContentHash)
        {
            Duplicate = new RecordOutcome(record.Position, record.Offset, IsDuplicate: true);
        }
        else
        {
            HasSameId = true;
        }
    }

    private readonly RecordView? Find(long position) => filling.Find(position) ?? records.Find(position);
}
