namespace WikiBus.Fuzzing;

/// <summary>A fuzz case failed: the message names the seed and the case.</summary>
internal sealed class FuzzFailureException(string message, Exception? inner) : Exception(message, inner);
