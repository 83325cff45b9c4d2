using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>
/// Finds faults in the sections that the framework reads, <c>Kestrel</c> and <c>Logging</c>. The framework itself would
/// stop at the first one, after the log is open.
/// </summary>
internal static class FrameworkOptions
{
    public static void Check(IServiceCollection services, IConfiguration configuration, OptionFaults faults)
    {
        CheckLogging(configuration.GetSection(LoggingServices.Section), faults);
        CheckCertificateFiles(configuration.GetSection(ListeningServices.KestrelSection), faults);
        var own = new ServiceCollection { services };

        // The logging may have faults itself.
        own.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        using var provider = own.BuildServiceProvider();
        Try(LoggingServices.Section, () => _ = provider.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value);
        Try(
            ListeningServices.KestrelSection,
            () => provider.GetRequiredService<IOptions<KestrelServerOptions>>().Value.ConfigurationLoader?.Load());

        // Says only the first fault of a section, so others are looked for before.
        void Try(string section, Action read)
        {
            if (faults.All.Any(fault => fault.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)))
            {
                return;
            }

            try
            {
                read();
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException
                or CryptographicException or FormatException or ArgumentException or StartupException)
            {
                faults.Add(new OptionFault(section, exception.Message.TrimEnd('.')));
            }
        }
    }

    private static void CheckLogging(IConfigurationSection logging, OptionFaults faults)
    {
        var levels = logging.GetChildren().Select(static provider => provider.GetSection("LogLevel"))
            .Prepend(logging.GetSection("LogLevel")).SelectMany(static section => section.GetChildren());
        foreach (var level in levels)
        {
            CheckName(level, Enum.GetNames<LogLevel>());
        }

        CheckName(
            logging.GetSection("Console:FormatterName"),
            [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd]);

        void CheckName(IConfigurationSection option, string[] allowed)
        {
            if (option.Value is { } value && !allowed.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                faults.Add(new OptionFault(
                    option.Path, $"'{value}' is not allowed; one of {string.Join(", ", allowed)} is"));
            }
        }
    }

    private static void CheckCertificateFiles(IConfigurationSection kestrel, OptionFaults faults)
    {
        var certificates = kestrel.GetSection("Certificates").GetChildren().Concat(
            kestrel.GetSection("Endpoints").GetChildren()
                .Select(static endpoint => endpoint.GetSection("Certificate")));
        var files = from certificate in certificates
                    from name in new[] { "Path", "KeyPath" }
                    select certificate.GetSection(name);
        foreach (var file in files.Where(static file => file.Value is not null && !File.Exists(file.Value)))
        {
            faults.Add(new OptionFault(file.Path, $"'{file.Value}' is not allowed; a file that exists is"));
        }
    }
}
