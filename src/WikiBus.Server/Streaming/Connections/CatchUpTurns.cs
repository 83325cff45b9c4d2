namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// The turns of connections that read the log from disk. Few run at the same time, first come, first served, and each
/// is short. So one processor is left to producers and the log, however many connections replay. Safe for concurrent
/// use.
/// </summary>
internal sealed class CatchUpTurns : IDisposable
{
    /// <summary>After this time a turn ends at the next page. Then others come first.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromMilliseconds(5);

    /// <summary>Turns at the same time.</summary>
    private static readonly int s_countMax = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly SemaphoreSlim _free = new(s_countMax);

    /// <summary>Waits for a turn. Dispose it to end it.</summary>
    public async ValueTask<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_free);
    }

    public void Dispose() => _free.Dispose();

    /// <summary>A turn, until it is disposed. Dispose it once.</summary>
    internal readonly struct Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
