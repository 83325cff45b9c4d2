using Microsoft.Extensions.Logging.Console;
using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>Structured logging on standard error, set up by the framework's own section <c>Logging</c>.</summary>
internal static class LoggingServices
{
    public const string Section = "Logging";

    public static void AddServerLogging(this IServiceCollection services, IConfiguration configuration)
    {
        services.OptionFaults().Know(Section, ["LogLevel", "Console", "OpenTelemetry"]);
        services.AddSingleton<LoggerFactory>();
        services.AddSingleton<ILoggerFactory, ServerLoggers>();
        services.AddLogging(logging =>
        {
            logging.AddFilter("Microsoft", LogLevel.Warning);

            // Otherwise each request gets an activity and a scope that nobody uses, for as long as a stream is open.
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            logging.AddConfiguration(configuration.GetSection(Section));
            logging.AddConsole(static console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                // Requests must not wait until somebody reads standard error.
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                console.FormatterName ??= ConsoleFormatterNames.Simple;
            });
            logging.Services.Configure<SimpleConsoleFormatterOptions>(static format =>
            {
                format.SingleLine = true;
                format.UseUtcTimestamp = true;
                format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                format.ColorBehavior = ColorBehavior();
            });
        });
    }

    private static LoggerColorBehavior ColorBehavior() =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            ? LoggerColorBehavior.Disabled
            : LoggerColorBehavior.Enabled;
}
