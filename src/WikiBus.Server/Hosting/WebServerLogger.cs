namespace WikiBus.Server.Hosting;

/// <summary>
/// Says at Debug what the web server calls an Error although it is the client's fault: a trailer that it cannot read,
/// met when nobody reads the rest of a body. It tells that in the words for a handler that left a read open, which
/// stays an Error; only the place where the exception comes from tells the two apart.
/// </summary>
internal sealed class WebServerLogger(ILogger logger) : ILogger
{
    private const string DrainFailed = "RequestBodyDrainBodyReaderInvalidState";

    // Here the web server takes the bytes of the body apart.
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
