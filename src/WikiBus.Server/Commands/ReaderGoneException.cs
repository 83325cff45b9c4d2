namespace WikiBus.Server.Commands;

/// <summary>Nobody reads our output any more.</summary>
internal sealed class ReaderGoneException(IOException exception) : Exception(exception.Message, exception);
