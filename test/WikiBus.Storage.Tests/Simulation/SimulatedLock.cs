namespace WikiBus.Storage.Tests.Simulation;

/// <summary>A held lock file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedLock(SimulatedDisk disk, string path) : IDisposable
{
    public void Dispose() => disk.Unlock(path);
}
