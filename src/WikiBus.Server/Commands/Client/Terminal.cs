using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace WikiBus.Server.Commands.Client;

/// <summary>Whether a person sees the output. Tables, progress and colours are only for persons.</summary>
internal static class Terminal
{
    public static bool ShowsTables => !Console.IsOutputRedirected;

    public static bool ShowsProgress => !Console.IsErrorRedirected && !Console.IsOutputRedirected;

    /// <summary>Whether a person types what is read from standard input.</summary>
    public static bool IsTypedInto => !Console.IsInputRedirected;

    private static bool WantsColours => Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };

    /// <summary>For tables on standard output.</summary>
    public static IAnsiConsole Output() => For(Console.Out);

    /// <summary>For progress on standard error, so that data on standard output stays clean.</summary>
    public static IAnsiConsole Error() => For(Console.Error);

    /// <summary>
    /// A table whose columns keep their width, so that the terminal's limit falls on those that the caller lets wrap.
    /// </summary>
    public static Table TableOf(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column) { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        return table;
    }

    /// <summary>A time of an answer, in UTC, to the second.</summary>
    public static string Time(JsonElement time) => time.GetDateTimeOffset().UtcDateTime
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes a line of data to standard output.</summary>
    /// <exception cref="CommandFault">It cannot be written. A reader that has gone is not a fault here.</exception>
    public static void WriteLine(string line) => Write(line + "\n");

    /// <summary>The same for text with its line ends.</summary>
    public static void Write(string text)
    {
        try
        {
            Console.Out.Write(text);
        }
        catch (Exception exception) when (StandardOutput.IsFault(exception))
        {
            throw StandardOutput.Fault(exception);
        }
    }

    /// <summary>Writes a message for people to standard error, beside the data.</summary>
    public static void Say(string message) => WriteError($"wikibus: {message}\n");

    /// <summary>Writes text to standard error. If that is closed or full, nobody can be told.</summary>
    public static void WriteError(string text)
    {
        try
        {
            Console.Error.Write(text);
        }
        catch (Exception exception) when (StandardOutput.IsFault(exception))
        {
            // The exit code still says that the verb failed.
        }
    }

    /// <summary>A count and its noun, whose plural ends in s.</summary>
    public static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static IAnsiConsole For(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        ColorSystem = WantsColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });
}
