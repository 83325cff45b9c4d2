namespace WikiBus.Server.Commands;

/// <summary>The reader of our output has gone.</summary>
internal sealed class ReaderGoneException(IOException exception) : Exception(exception.Message, exception);
