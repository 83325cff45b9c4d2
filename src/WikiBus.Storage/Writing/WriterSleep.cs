namespace WikiBus.Storage.Writing;

/// <summary>
/// Where the writer's thread waits for work. It sleeps at once: a wait that spins first, as the framework's light ones
/// do, takes the processor from those who bring the work. Any thread may wake it, also after the end.
/// </summary>
internal sealed class WriterSleep : IDisposable
{
    private readonly AutoResetEvent _event = new(initialState: false);
    private int _isWoken;

    /// <summary>Ends the wait, or lets the next one return at once.</summary>
    public void Wake()
    {
        // Mostly the writer is awake and has been told already: no system call for that.
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            try
            {
                _event.Set();
            }
            catch (ObjectDisposedException)
            {
                // The timer's last tick may come after the end.
            }
        }
    }

    /// <summary>Waits until somebody has called <see cref="Wake"/> since the last wait.</summary>
    public void Wait()
    {
        _event.WaitOne();
        // A full fence: what the caller looks at next must not be read before others see that they have to wake it.
        Interlocked.Exchange(ref _isWoken, 0);
    }

    public void Dispose() => _event.Dispose();
}
