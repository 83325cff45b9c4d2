using System.CommandLine;

namespace WikiBus.Server.Commands.Client;

/// <summary>
/// Reads secrets. They come from a file or pipe, never from the command line, where every user of the machine can read
/// them.
/// </summary>
internal static class SecretFile
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Most characters of a secret's file.</summary>
    private const int CharsMax = 4096;

    public static Option<string?> CreateOption() => new("--secret")
    {
        Description = "File with a secret that others already have, - is standard input (default: one is made)",
        HelpName = "FILE",
    };

    /// <summary>The secret in a file; null: no file is named.</summary>
    /// <exception cref="CommandFault">It cannot be read.</exception>
    public static string? Read(string? file) => file is null ? null : ReadText(file, CharsMax).Trim();

    /// <summary>The text of a file.</summary>
    /// <exception cref="CommandFault">It cannot be read, or is longer.</exception>
    public static string ReadText(string file, int charsMax)
    {
        try
        {
            using var reader = file == StandardInput ? Console.In : new StreamReader(file);
            var buffer = new char[charsMax + 1];
            var length = reader.ReadBlock(buffer);
            return length <= charsMax
                ? new string(buffer, 0, length)
                : throw new CommandFault($"'{file}' has more than {charsMax} characters.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(exception.Message);
        }
    }
}
