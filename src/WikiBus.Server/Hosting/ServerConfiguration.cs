using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>Loads the configuration: file, environment, command line. A later source wins.</summary>
internal static class ServerConfiguration
{
    public const string DefaultFile = "wikibus.json";

    /// <param name="file">A configuration file that must exist; null: <see cref="DefaultFile"/> if that exists.</param>
    /// <param name="overrides">Keys and values that win over everything.</param>
    /// <param name="report">Called for each fault; what can be read without it is in the configuration.</param>
    public static IConfigurationRoot Load(
        string? file, IEnumerable<KeyValuePair<string, string?>> overrides, Action<OptionFault> report)
    {
        if (file is "")
        {
            report(new OptionFault("--config", "'' is not allowed; the path of a file is"));
            return Build(static _ => { });
        }

        var path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path))
        {
            report(new OptionFault("--config", $"There is no configuration file '{file}'"));
        }

        try
        {
            return Build(builder => builder.AddJsonFile(source =>
            {
                source.Path = path;
                source.Optional = true;
                source.ResolveFileProvider();
                source.OnLoadException = context =>
                {
                    ReportUnreadable(context.Exception);
                    context.Ignore = true;
                };
            }));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ReportUnreadable(exception);
            return Build(static _ => { });
        }

        void ReportUnreadable(Exception exception) => report(new OptionFault(
            path, $"The configuration file cannot be read: {exception.GetBaseException().Message}"));

        IConfigurationRoot Build(Action<IConfigurationBuilder> addFile)
        {
            var builder = new ConfigurationBuilder();
            addFile(builder);
            return builder.AddInMemoryCollection(OptionVariable.ReadAll()).AddInMemoryCollection(overrides).Build();
        }
    }
}
