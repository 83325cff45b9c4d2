using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>
/// The headers of a subscription's requests. Secret ones come from a file, since every user of the machine can read the
/// command line. No message repeats a value.
/// </summary>
internal sealed class HeaderOptions
{
    /// <summary>Most characters of a file with headers.</summary>
    private const int FileCharsMax = 64 << 10;

    private readonly Option<string[]> _header = new("--header")
    {
        Description = "Send this header with each request; may be repeated",
        HelpName = "NAME: VALUE",
    };

    private readonly Option<string?> _file = new("--header-file")
    {
        Description = "File with headers whose values are secret, one a line, - is standard input",
        HelpName = "FILE",
    };

    public IReadOnlyList<Symbol> Symbols => [_header, _file];

    public bool ReadsInput(ParseResult arguments) => arguments.GetValue(_file) == SecretFile.StandardInput;

    /// <summary>The headers, each with its value; null: the server keeps the value that it has.</summary>
    /// <exception cref="CommandFault">One is no header, or is there twice, or the file cannot be read.</exception>
    public IReadOnlyList<KeyValuePair<string, string?>> Read(
        ParseResult arguments, IReadOnlyList<string> keptHeaders)
    {
        var lines = arguments.GetValue(_file) is { } file
            ? SecretFile.ReadText(file, FileCharsMax).Split('\n').Where(static line => line.Trim().Length > 0)
            : [];
        List<KeyValuePair<string, string?>> headers =
        [
            .. (arguments.GetValue(_header) ?? []).Select(value => Parse(value, _header.Name)),
            .. lines.Select(line => Parse(line, _file.Name)),
            .. keptHeaders.Select(static name => KeyValuePair.Create(name, (string?)null)),
        ];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in headers)
        {
            if (!names.Add(name))
            {
                throw new CommandFault($"{_header.Name}: '{name}' is given more than once.", ExitCodes.Usage);
            }
        }

        return headers;
    }

    private static KeyValuePair<string, string?> Parse(string line, string option) =>
        line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? KeyValuePair.Create(line[..colon].Trim(), (string?)line[(colon + 1)..].Trim())
            : throw new CommandFault($"{option}: only 'NAME: VALUE' is allowed.", ExitCodes.Usage);
}
