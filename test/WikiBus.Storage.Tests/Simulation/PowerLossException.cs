namespace WikiBus.Storage.Tests.Simulation;

/// <summary>The simulated machine has no power any more: every call fails.</summary>
internal sealed class PowerLossException() : IOException("The power is off.");
