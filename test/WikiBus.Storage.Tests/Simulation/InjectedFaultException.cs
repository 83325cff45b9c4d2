namespace WikiBus.Storage.Tests.Simulation;

/// <summary>A call that a <see cref="DiskFault"/> made fail.</summary>
internal sealed class InjectedFaultException(DiskCall call, string path)
    : IOException($"Injected: {call} of {path} fails.");
