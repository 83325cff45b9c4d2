using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Jobs;

/// <summary>What is logged about jobs. Their parameters and their errors' texts are not.</summary>
internal static partial class JobDiagnostics
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Refused a request to run a job with {Status}")]
    public static partial void Refused(ILogger logger, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No handler is registered for jobs of the type {Type}")]
    public static partial void UnknownType(ILogger logger, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A job of the type {Type} failed")]
    public static partial void Failed(ILogger logger, string type);

    [LoggerMessage(Level = LogLevel.Error, Message = "The handler for jobs of the type {Type} threw an exception")]
    public static partial void Threw(ILogger logger, string type, Exception exception);
}
