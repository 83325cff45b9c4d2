namespace WikiBus.Server.Commands;

/// <summary>Nobody reads our output any more.</summary>
internal sealed class ReaderGoneException(IOException cause) : Exception(cause.Message, cause);
