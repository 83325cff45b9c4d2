using System.Collections;

namespace WikiBus.Server.Hosting;

/// <summary>Loads the configuration: file, environment, command line. A later source wins.</summary>
internal static class ServerConfiguration
{
    public const string DefaultFile = "wikibus.json";

    private const string VariablePrefix = "WIKIBUS_";
    private const string SectionSeparator = "__";

    /// <param name="file">A configuration file that must exist; null: <see cref="DefaultFile"/> if that exists.</param>
    /// <param name="overrides">Keys and values that win over everything.</param>
    public static IConfigurationRoot Load(string? file, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path))
        {
            throw new StartupException($"There is no configuration file '{file}'.", ExitCodes.Usage);
        }

        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(path, optional: true, reloadOnChange: false)
                .AddInMemoryCollection(Variables(Environment.GetEnvironmentVariables()))
                .AddInMemoryCollection(overrides)
                .Build();
        }
        catch (InvalidDataException exception)
        {
            throw new StartupException(
                $"The configuration file '{path}' cannot be read: {exception.GetBaseException().Message}",
                ExitCodes.Usage);
        }
    }

    /// <summary>
    /// Options in the environment: <c>WIKIBUS_Section__Key</c>. A variable without a section, such as the client's
    /// <c>WIKIBUS_URL</c>, is skipped. The framework's own provider would read it as an option.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string?>> Variables(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase)
                && name.Contains(SectionSeparator, StringComparison.Ordinal))
            {
                var key = name[VariablePrefix.Length..]
                    .Replace(SectionSeparator, ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
                yield return new KeyValuePair<string, string?>(key, (string?)variable.Value);
            }
        }
    }
}
