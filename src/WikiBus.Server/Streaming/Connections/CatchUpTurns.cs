namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// The turns of connections that read the log from disk. Few are taken at once, first come, first served, and each is
/// short, so that however many connections replay, one processor is left to producers and the log. Safe for concurrent
/// use.
/// </summary>
internal sealed class CatchUpTurns : IDisposable
{
    /// <summary>After this long a turn ends at the next page; others come first, then the connection again.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromMilliseconds(5);

    /// <summary>Turns at once.</summary>
    private static readonly int s_countMax = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly SemaphoreSlim _free = new(s_countMax);

    /// <summary>Waits for a turn; dispose what is returned to end it.</summary>
    public async ValueTask<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_free);
    }

    public void Dispose() => _free.Dispose();

    /// <summary>A turn, until it is disposed, once.</summary>
    internal readonly struct Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
