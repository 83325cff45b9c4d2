using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// The events of one request and all memory that they need on their way into the log. Taken from <see
/// cref="IntakeBatchPool"/> and given back when the log has let go of the records. Not safe for concurrent use.
/// </summary>
internal sealed class IntakeBatch : IDisposable
{
    private CancellationTokenSource? _deadline;
    private AdmittedStream _admitted;

    /// <summary>Most violations that one answer lists; beyond it each further event lists its first one.</summary>
    public const int ViolationsMax = 10_000;

    /// <summary>The body, decoded, with the events in it.</summary>
    public BodyBuffer Body { get; } = new();

    /// <summary>Keys, channels, attributes, events with members spliced in.</summary>
    public ByteArena Arena { get; } = new();

    public JsonTape Tape { get; } = new();

    /// <summary>For one event at a time, when members were spliced in.</summary>
    public JsonTape EventTape { get; } = new();

    public List<JsonTapeValue> Events { get; } = [];

    /// <summary>One per event, in their order.</summary>
    public List<EventVerdict> Verdicts { get; } = [];

    /// <summary>One per accepted event, in their order.</summary>
    public List<RecordDraft> Drafts { get; } = [];

    public List<SchemaDefault> Insertions { get; } = [];

    public List<SchemaDefault> Defaults { get; } = [];

    public FillTree FillTree { get; } = new();

    /// <summary>The stream that <see cref="StreamCheck"/> admitted last.</summary>
    public ref AdmittedStream Admitted => ref _admitted;

    /// <summary>How many violations were listed so far.</summary>
    public int ViolationCount { get; set; }

    public int InvalidCount { get; set; }

    public int ErrorCount { get; set; }

    /// <summary>Bytes of memory that the batch keeps for the next request, but for the arena's chunk.</summary>
    public int HeldBytes => Body.Capacity + Tape.HeldBytes + EventTape.HeldBytes;

    /// <summary>Starts the time in which the request has to be answered; the token is cancelled at its end.</summary>
    public CancellationToken StartDeadline(TimeSpan deadline, TimeProvider time)
    {
        // A source that was not cancelled is used again: a timer per request would cost more than the rest of the wait.
        if (_deadline?.TryReset() == true)
        {
            _deadline.CancelAfter(deadline);
        }
        else
        {
            _deadline?.Dispose();
            _deadline = new CancellationTokenSource(deadline, time);
        }

        return _deadline.Token;
    }

    public void Add(EventVerdict verdict)
    {
        Verdicts.Add(verdict);
        ViolationCount += verdict.Violations?.Count ?? 0;
        InvalidCount += verdict.Status == EventStatus.Invalid ? 1 : 0;
        ErrorCount += verdict.Status == EventStatus.Error ? 1 : 0;
    }

    /// <summary>Forgets the request, keeps the memory.</summary>
    public void Clear()
    {
        _deadline?.CancelAfter(Timeout.InfiniteTimeSpan);
        Body.Clear();
        Arena.Clear();
        Tape.Clear();
        EventTape.Clear();
        Events.Clear();
        Verdicts.Clear();
        Drafts.Clear();
        Insertions.Clear();
        Defaults.Clear();
        FillTree.Clear();
        _admitted = default;
        ViolationCount = InvalidCount = ErrorCount = 0;
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        Body.Dispose();
        Arena.Dispose();
    }
}
