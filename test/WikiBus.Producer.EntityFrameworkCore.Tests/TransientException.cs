namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>A failure that a retrying execution strategy repeats.</summary>
internal sealed class TransientException : Exception;
