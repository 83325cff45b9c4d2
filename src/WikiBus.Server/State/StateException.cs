namespace WikiBus.Server.State;

/// <summary>
/// The state database could not be opened, read or written. A write that failed changed nothing that the process sees;
/// after a failed flush it may still be there after a restart.
/// </summary>
internal sealed class StateException(string message, Exception? inner = null) : IOException(message, inner);
