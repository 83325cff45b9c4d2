using System.Text;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>A request that a writer sent to the log, and what it was told.</summary>
internal sealed class SentRequest(int writer, int number, IReadOnlyList<RecordDraft> drafts)
{
    private bool? _mustHaveBeenThere;

    public int Writer { get; } = writer;

    public int Number { get; } = number;

    public IReadOnlyList<RecordDraft> Drafts { get; } = drafts;

    /// <summary>Where it stands, by the first answer or the first reading that said so; null while none did.</summary>
    public IReadOnlyList<RecordOutcome>? Places { get; private set; }

    /// <summary>
    /// What must be found: true: every record, false: none, null: all of them or none. A reader that found them, or did
    /// not, settles it: what was served once stays.
    /// </summary>
    public bool? MustBeThere { get; set; } = false;

    /// <summary>
    /// Retention took it before or while it was repeated: it may have been stored anew, behind later ones.
    /// </summary>
    public bool MayStandLate { get; private set; }

    public void Sending()
    {
        _mustHaveBeenThere = MustBeThere;
        MustBeThere = MustBeThere == true ? true : null;
    }

    /// <param name="answer">What the log said.</param>
    /// <param name="firstPosition">The log's first position after that: retention may have taken a record between the
    /// look whether it may be repeated and the repeat, and then it is new.</param>
    public void Answered(AppendResult answer, long firstPosition)
    {
        MayStandLate |= Places?[0].Position < firstPosition;
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
            Places.Zip(places).All(pair => IsSame(pair.First, pair.Second)), $"{this} was told another place");
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
                $"{this}: the repeat of record {i} was told another place");
        }
    }

    public static string IdOf(ReadOnlyMemory<byte> id) => Encoding.UTF8.GetString(id.Span);

    public override string ToString() => $"request {Number} of writer {Writer}";
}
