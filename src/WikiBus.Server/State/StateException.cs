namespace WikiBus.Server.State;

/// <summary>
/// The state database could not be opened, read or written. A failed write changes nothing that the process sees. After
/// a failed flush, the change may still appear after a restart.
/// </summary>
internal sealed class StateException(string message, Exception? inner = null) : IOException(message, inner);
