using WikiBus.Server.Dream.Tables;

namespace WikiBus.Server.Dream.Notices;

/// <summary>
/// Somebody who gets the combined set when it changes. Belongs to the lock of <see cref="NoticeSender"/>.
/// </summary>
internal sealed class NoticeWatcher
{
    private static readonly TimeSpan s_delayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(60);

    private TimeSpan _delay;
    private bool _isRepeated;

    /// <summary>The set that it belongs to, as it is now.</summary>
    public required StoredSet Set { get; set; }

    /// <summary>The version that it has taken; 0: none since the start.</summary>
    public long TakenVersion { get; private set; }

    public bool IsRunning { get; set; }

    /// <summary>It is not tried before this time.</summary>
    public DateTimeOffset NextTry { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>It took a version. If a repeat was asked for meanwhile, it gets the set once more.</summary>
    public void Succeed(long version) =>
        (TakenVersion, _isRepeated, _delay) = (_isRepeated ? 0 : version, false, TimeSpan.Zero);

    /// <returns>Is it the first failure in a row?</returns>
    public bool Fail(DateTimeOffset now)
    {
        var isFirst = _delay == TimeSpan.Zero;
        var doubled = _delay * 2;
        _delay = doubled < s_delayMin ? s_delayMin : doubled > s_delayMax ? s_delayMax : doubled;
        NextTry = now + _delay;
        return isFirst;
    }

    /// <summary>It gets the set again, immediately.</summary>
    public void Repeat() =>
        (TakenVersion, _isRepeated, _delay, NextTry) = (0, IsRunning, TimeSpan.Zero, DateTimeOffset.MinValue);
}
