namespace WikiBus.Producer;

/// <summary>The tables of the outbox are missing, or another version of this library made them.</summary>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class OutboxTablesException(string message) : Exception(message);
