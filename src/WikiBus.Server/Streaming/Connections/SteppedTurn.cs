namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// The turns of one request whose work consists of several steps. When a turn has lasted
/// <see cref="CatchUpTurns.DurationMax"/>, it ends before the next step, and others come first. Not safe for concurrent
/// use.
/// </summary>
internal sealed class SteppedTurn(CatchUpTurns turns, TimeProvider time, CancellationToken cancellationToken)
    : IDisposable
{
    private CatchUpTurns.Turn? _turn;
    private long _started;

    /// <summary>Waits for a turn, unless there is still time left in this one.</summary>
    public async ValueTask BeginStepAsync()
    {
        if (_turn is not null && time.GetElapsedTime(_started) < CatchUpTurns.DurationMax)
        {
            return;
        }

        Dispose();
        _turn = await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
        _started = time.GetTimestamp();
    }

    /// <summary>Ends the turn, if there is one.</summary>
    public void Dispose()
    {
        _turn?.Dispose();
        _turn = null;
    }
}
