namespace WikiBus.FunctionalTests.Intake;

/// <summary>A documented answer that differs from EventGate's.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Invalid">Events listed as invalid.</param>
/// <param name="Error">Events listed as errors; a fault of the whole body lists one.</param>
/// <param name="Stored">Records that are new in the log.</param>
internal sealed record DocumentedAnswer(int Status, int Invalid, int Error, int Stored);
