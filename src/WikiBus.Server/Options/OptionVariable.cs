using System.Collections;

namespace WikiBus.Server.Options;

/// <summary>
/// Options in the environment: <c>WIKIBUS_Section__Key</c>. Every variable with the prefix is one, except those of the
/// command line's other verbs, and those that Kubernetes sets for a service with the name <c>wikibus</c>.
/// </summary>
internal static class OptionVariable
{
    private const string Prefix = "WIKIBUS_";
    private const string SectionSeparator = "__";

    /// <summary>The variable of an option.</summary>
    public static string Of(string path) =>
        Prefix + path.Replace(ConfigurationPath.KeyDelimiter, SectionSeparator, StringComparison.Ordinal);

    /// <summary>The variable of this process that sets the option, as it is written; null if none does.</summary>
    public static string? Find(string path) => Names().FirstOrDefault(
        name => name.Equals(Of(path), StringComparison.OrdinalIgnoreCase));

    /// <summary>The options that this process's environment sets.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> ReadAll() => Names().Select(static name =>
        KeyValuePair.Create(
            name[Prefix.Length..].Replace(SectionSeparator, ConfigurationPath.KeyDelimiter, StringComparison.Ordinal),
            Environment.GetEnvironmentVariable(name)));

    private static IEnumerable<string> Names() =>
        from variable in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        let name = (string)variable.Key
        where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && name is not ("WIKIBUS_URL" or "WIKIBUS_KEY") && !IsOfKubernetes(name, (string?)variable.Value ?? "")
        select name;

    // WIKIBUS_PORT is tcp://ADDRESS:PORT there. A person who writes a number means an option.
    private static bool IsOfKubernetes(string name, string value) =>
        name.StartsWith("WIKIBUS_SERVICE_", StringComparison.Ordinal)
        || name.StartsWith("WIKIBUS_PORT_", StringComparison.Ordinal)
        || (name == "WIKIBUS_PORT" && value.Contains("://", StringComparison.Ordinal));
}
