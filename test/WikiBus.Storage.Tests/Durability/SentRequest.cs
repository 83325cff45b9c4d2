using System.Text;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>A request that a writer sent to the log, and the answer.</summary>
internal sealed class SentRequest(int writer, int number, IReadOnlyList<RecordDraft> drafts)
{
    private bool? _mustHaveBeenThere;

    public int Writer { get; } = writer;

    public int Number { get; } = number;

    public IReadOnlyList<RecordDraft> Drafts { get; } = drafts;

    /// <summary>The places of its records, by the first answer or reading that showed them; null before.</summary>
    public IReadOnlyList<RecordOutcome>? Places { get; private set; }

    /// <summary>
    /// What must be found: true: every record, false: none, null: all of them or none. The first reader decides between
    /// the last two: what was served once stays.
    /// </summary>
    public bool? MustBeThere { get; set; } = false;

    /// <summary>
    /// Retention deleted it before or during the repeat: it may be stored again, behind later ones.
    /// </summary>
    public bool MayBeLate { get; private set; }

    public void Sending()
    {
        _mustHaveBeenThere = MustBeThere;
        MustBeThere = MustBeThere == true ? true : null;
    }

    /// <param name="answer">The log's answer.</param>
    /// <param name="firstPosition">The log's first position after that: retention may delete a record after the test
    /// checked that it is held; then its repeat is new.</param>
    public void Answered(AppendResult answer, long firstPosition)
    {
        MayBeLate |= Places?[0].Position < firstPosition;
        if (answer.Status == AppendStatus.Stored)
        {
            if (Places?[0].Position < firstPosition)
            {
                (Places, _mustHaveBeenThere) = (null, null);
            }

            MustBeThere = true;
            CheckRepeat(answer.Records);
            Places ??= answer.Records;
        }
        else if (answer.Status != AppendStatus.Unknown)
        {
            MustBeThere = _mustHaveBeenThere;
        }
    }

    /// <summary>A reader found all its records, at these places.</summary>
    public void Found(IReadOnlyList<RecordOutcome> places)
    {
        Places ??= places;
        DurabilityFault.Unless(
            Places.Zip(places).All(pair => IsSame(pair.First, pair.Second)), $"{this} got another place");
    }

    private static bool IsSame(RecordOutcome told, RecordOutcome found) =>
        (told.Position, told.Offset) == (found.Position, found.Offset);

    private void CheckRepeat(IReadOnlyList<RecordOutcome> outcomes)
    {
        DurabilityFault.Unless(outcomes.Count == Drafts.Count, $"{this} got {outcomes.Count} outcomes");
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            DurabilityFault.Unless(
                _mustHaveBeenThere is null || _mustHaveBeenThere == outcome.IsDuplicate,
                $"{this}: record {i} was taken as {(outcome.IsDuplicate ? "a repeat" : "new")}");
            DurabilityFault.Unless(
                Places is null || outcome.Position < 0 || IsSame(Places[i], outcome),
                $"{this}: the repeat of record {i} got another place");
        }
    }

    public static string IdOf(ReadOnlyMemory<byte> id) => Encoding.UTF8.GetString(id.Span);

    public override string ToString() => $"request {Number} of writer {Writer}";
}
