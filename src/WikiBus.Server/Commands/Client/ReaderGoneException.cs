namespace WikiBus.Server.Commands.Client;

/// <summary>The reader of the output, such as <c>head</c>, has gone.</summary>
internal sealed class ReaderGoneException(Exception exception) : Exception(exception.Message, exception);
