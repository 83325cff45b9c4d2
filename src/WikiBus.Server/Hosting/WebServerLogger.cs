namespace WikiBus.Server.Hosting;

/// <summary>
/// Logs one Error of the web server at Debug, since it is the client's fault: an invalid trailer, found while the web
/// server skips the rest of a body. The web server uses the same message for a handler that left a read open, which
/// stays an Error. Only the stack trace of the exception distinguishes them.
/// </summary>
internal sealed class WebServerLogger(ILogger logger) : ILogger
{
    private const string DrainFailed = "RequestBodyDrainBodyReaderInvalidState";

    // The method of the web server that parses the bytes of the body.
    private const string Pump = "MessageBody.PumpAsync";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var isClients = eventId.Name == DrainFailed
            && exception?.StackTrace?.Contains(Pump, StringComparison.Ordinal) == true;
        logger.Log(isClients ? LogLevel.Debug : logLevel, eventId, state, exception, formatter);
    }
}
