namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>
/// What is known about the recipient of a subscription: whether it is up, and when it may be tried. Belongs to the
/// engine's lock.
/// </summary>
/// <remarks>
/// <see cref="DestinationState.Down"/>: it cannot be reached or takes nothing, so no attempt counts. It is probed by
/// turns with the oldest record and the oldest one of another key: if only one record gets such answers, it is that
/// record's fault. <see cref="DestinationState.Failing"/>: as many different records failed in a row as the
/// <see cref="FailureLimit"/> says, or they failed for longer. One request at a time is sent, and attempts count.
/// </remarks>
internal sealed class Destination
{
    /// <summary>With strict order no other record can be tried: from this probe on the record is at fault.</summary>
    public const int StrictProbesMax = 10;

    /// <summary>The longest time that a recipient may ask for.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    /// <summary>After this time without a success the subscription is suspended.</summary>
    public static readonly TimeSpan DownMax = TimeSpan.FromDays(5);

    private static readonly TimeSpan s_probeDelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_probeDelayMax = TimeSpan.FromSeconds(60);

    private readonly HashSet<long> _failedInARow = [];
    private DateTimeOffset? _failedSince;
    private TimeSpan _probeDelay;
    private bool _hasSucceeded;

    public DestinationState State { get; private set; }

    /// <summary>Why it is not up, in one word; null if it is.</summary>
    public string? Reason { get; private set; }

    /// <summary>When it first went down or began to fail since the last success; null: it did not.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When the next request may be sent, while it is not up.</summary>
    public DateTimeOffset NextProbe { get; private set; }

    /// <summary>The delivery whose answer brought <see cref="DestinationState.Down"/>.</summary>
    public Delivery? Cause { get; private set; }

    /// <summary>
    /// The delivery that was sent last while the destination was not up. A reset or another outage forgets it, so its
    /// answer counts only for the outage in which it was sent.
    /// </summary>
    public Delivery? Probe { get; private set; }

    /// <summary>Is the next probe to be of another key than that of <see cref="Cause"/>?</summary>
    public bool WantsOther { get; private set; }

    /// <summary>Probes of the cause in a row.</summary>
    public int ProbeCount { get; private set; }

    /// <summary>Requests that run.</summary>
    public int RunningCount { get; set; }

    /// <summary>Requests that run for longer than a healthy recipient needs.</summary>
    public int SlowCount { get; set; }

    /// <summary>Has its last request succeeded, and is none slow?</summary>
    public bool IsProven => _hasSucceeded && SlowCount == 0;

    /// <summary>May a request begin now, by its state alone?</summary>
    public bool IsOpen(DateTimeOffset now) =>
        State == DestinationState.Up || (RunningCount == 0 && now >= NextProbe);

    /// <summary>Takes over what the database knows.</summary>
    public void Restore(DateTimeOffset? since) => Since = since;

    /// <summary>A request of the delivery begins.</summary>
    public void Begin(Delivery delivery)
    {
        RunningCount++;
        Probe = State == DestinationState.Up ? null : delivery;
    }

    /// <summary>Has it been down or failing for <see cref="DownMax"/>?</summary>
    public bool IsGivenUp(DateTimeOffset now) => State != DestinationState.Up && now - Since >= DownMax;

    /// <summary>
    /// A record was taken. A request that began before the destination went down does not bring it up again.
    /// </summary>
    public void Succeed(Delivery delivery)
    {
        _hasSucceeded = true;
        if (State != DestinationState.Down || delivery == Probe)
        {
            Reset();
        }
    }

    /// <summary>The destination answered, and the answer counts as an attempt of a record.</summary>
    public void Fail(Delivery delivery, FailureLimit limit, DateTimeOffset now)
    {
        _hasSucceeded = false;
        _failedSince ??= now;
        if (limit.CountMax != int.MaxValue && _failedInARow.Count < limit.CountMax)
        {
            _failedInARow.Add(delivery.Position);
        }

        if (State == DestinationState.Down)
        {
            if (delivery != Probe)
            {
                return;
            }

            Leave();
        }

        if (State == DestinationState.Failing)
        {
            NextProbe = now + Next();
            WantsOther = !WantsOther;
        }
        else if (_failedInARow.Count >= limit.CountMax || now - _failedSince > limit.TimeMax)
        {
            State = DestinationState.Failing;
            Reason = "failing";
            Since ??= now;
            _probeDelay = TimeSpan.Zero;
            NextProbe = now + Next();
            WantsOther = false;
        }
    }

    /// <summary>It cannot be reached, or takes nothing now.</summary>
    public void GoDown(Delivery delivery, string reason, TimeSpan? retryAfter, DateTimeOffset now)
    {
        _hasSucceeded = false;
        var isFirst = State != DestinationState.Down;
        if (isFirst)
        {
            State = DestinationState.Down;
            Since ??= now;
            Cause = delivery;
            ProbeCount = 0;
            WantsOther = false;
            _probeDelay = TimeSpan.Zero;
        }
        else if (delivery == Probe)
        {
            ProbeCount++;
            WantsOther = !WantsOther;
        }

        // Requests that ran already when it went down do not make the delay longer.
        var delay = isFirst || delivery == Probe ? Next() : _probeDelay;
        if (retryAfter > delay)
        {
            delay = retryAfter.Value < RetryAfterMax ? retryAfter.Value : RetryAfterMax;
        }

        Reason = reason;
        if (isFirst || delivery == Probe || now + delay > NextProbe)
        {
            NextProbe = now + delay;
        }
    }

    /// <summary>Forgets everything, when somebody resumes or changes the subscription.</summary>
    public void Reset()
    {
        _failedInARow.Clear();
        _failedSince = null;
        Since = null;
        Leave();
    }

    private void Leave()
    {
        State = DestinationState.Up;
        Reason = null;
        Cause = null;
        Probe = null;
        ProbeCount = 0;
        WantsOther = false;
    }

    private TimeSpan Next()
    {
        var doubled = _probeDelay * 2;
        _probeDelay = doubled < s_probeDelayMin ? s_probeDelayMin
            : doubled > s_probeDelayMax ? s_probeDelayMax
            : doubled;
        return _probeDelay;
    }
}
