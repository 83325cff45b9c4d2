namespace WikiBus.Storage.Tests.Simulation;

/// <summary>Holds calls of some kinds from the first one on until they may go on; none fails.</summary>
internal sealed class HeldCall : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _mayEnd = new();

    /// <param name="disk">The disk, until it is healed.</param>
    /// <param name="calls">The calls to hold.</param>
    /// <param name="patience">The longest wait for anything.</param>
    public HeldCall(SimulatedDisk disk, DiskCall calls, TimeSpan patience)
    {
        _patience = patience;
        disk.Inject(new DiskFault { Calls = calls, Where = _ => Hold() });
    }

    /// <summary>Waits until a call is held.</summary>
    public void WaitUntilBegun() =>
        _begun.Wait(_patience, TestContext.Current.CancellationToken).ShouldBeTrue();

    public void Release() => _mayEnd.Set();

    public void Dispose()
    {
        _begun.Dispose();
        _mayEnd.Dispose();
    }

    private bool Hold()
    {
        _begun.Set();
        _mayEnd.Wait(_patience);
        return false;
    }
}
