namespace WikiBus.Server.Intake.Judging;

/// <summary>The verdicts on the events of one batch, in their order. Not safe for concurrent use.</summary>
internal sealed class EventVerdicts
{
    /// <summary>Most violations that one answer lists; beyond it each further event lists its first one.</summary>
    private const int ViolationsMax = 10_000;

    private const int ViolationsPerEventMax = 100;

    private readonly List<EventVerdict> _all = [];
    private int _violationCount;

    public IReadOnlyList<EventVerdict> All => _all;

    public int InvalidCount { get; private set; }

    public int ErrorCount { get; private set; }

    /// <summary>Most violations that the next verdict may list; at least one.</summary>
    public int ViolationRoom => Math.Clamp(ViolationsMax - _violationCount, 1, ViolationsPerEventMax);

    public void Add(in EventVerdict verdict)
    {
        _all.Add(verdict);
        _violationCount += verdict.Violations?.Count ?? 0;
        InvalidCount += verdict.Status == EventStatus.Invalid ? 1 : 0;
        ErrorCount += verdict.Status == EventStatus.Error ? 1 : 0;
    }

    public void Clear()
    {
        _all.Clear();
        _violationCount = InvalidCount = ErrorCount = 0;
    }
}
