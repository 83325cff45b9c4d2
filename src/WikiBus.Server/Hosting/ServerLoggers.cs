namespace WikiBus.Server.Hosting;

/// <summary>The loggers of the process. The web server's is a <see cref="WebServerLogger"/>.</summary>
internal sealed class ServerLoggers(LoggerFactory loggers) : ILoggerFactory
{
    private const string WebServer = "Microsoft.AspNetCore.Server.Kestrel";

    public ILogger CreateLogger(string categoryName)
    {
        var logger = loggers.CreateLogger(categoryName);
        return categoryName == WebServer ? new WebServerLogger(logger) : logger;
    }

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose() => loggers.Dispose();
}
