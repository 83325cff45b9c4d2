namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Ends a connection that does not move although records lie ahead of it. No known defect causes this. If it happens
/// all the same, the client must not wait for ever, and the operator must know.
/// </summary>
internal sealed class StandstillWatch(TimeProvider time)
{
    /// <summary>The longest standstill.</summary>
    private static readonly TimeSpan s_durationMax = TimeSpan.FromSeconds(10);

    private long _startedAt;

    /// <summary>The connection moved, or there is nothing that it could move to.</summary>
    public void Reset() => _startedAt = 0;

    /// <summary>The connection did not move over what lies ahead of it.</summary>
    /// <param name="position">Where it is.</param>
    /// <exception cref="StandstillException">That was so for too long.</exception>
    public void NoteStandstill(long position)
    {
        var now = time.GetTimestamp();
        if (_startedAt == 0)
        {
            _startedAt = now;
        }
        else if (time.GetElapsedTime(_startedAt, now) >= s_durationMax)
        {
            throw new StandstillException(position);
        }
    }
}
