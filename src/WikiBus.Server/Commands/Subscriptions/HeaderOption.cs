using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>
/// Headers of a subscription's requests, such as <c>Name: value</c>. Secret ones come from a file, since every user of
/// the machine can read the command line. No message repeats a value.
/// </summary>
internal static class HeaderOption
{
    /// <summary>Most characters of a file with headers.</summary>
    private const int FileCharsMax = 64 << 10;

    private const string Name = "--header";
    private const char FileMark = '@';

    public static Option<string[]> Create() => new(Name)
    {
        Description = "Send this header with each request; @FILE is a file with one a line, for secret values "
            + "(@- is standard input); may be repeated",
        HelpName = "NAME: VALUE",
    };

    /// <summary>Whether one of them is standard input.</summary>
    public static bool ReadsInput(string[]? values) =>
        values?.Contains($"{FileMark}{SecretFile.StandardInput}") == true;

    /// <summary>The headers, each with its value; null: the server keeps the value that it has.</summary>
    /// <exception cref="CommandFault">One is no header, or is there twice, or a file cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Read(
        IReadOnlyList<string> values, IReadOnlyList<string> keptHeaders)
    {
        List<KeyValuePair<string, string?>> headers =
        [
            .. values.SelectMany(Lines).Select(Parse),
            .. keptHeaders.Select(static name => KeyValuePair.Create(name, (string?)null)),
        ];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in headers)
        {
            if (!names.Add(name))
            {
                throw new CommandFault($"{Name}: '{name}' is given more than once.", ExitCodes.Usage);
            }
        }

        return headers;
    }

    private static IEnumerable<string> Lines(string value) => value.StartsWith(FileMark)
        ? SecretFile.ReadText(value[1..], FileCharsMax).Split('\n').Where(static line => line.Trim().Length > 0)
        : [value];

    private static KeyValuePair<string, string?> Parse(string line) =>
        line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? KeyValuePair.Create(line[..colon].Trim(), (string?)line[(colon + 1)..].Trim())
            : throw new CommandFault($"{Name}: 'NAME: VALUE' is allowed, and @FILE with such lines.", ExitCodes.Usage);
}
