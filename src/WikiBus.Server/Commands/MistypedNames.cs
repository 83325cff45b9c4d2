using System.CommandLine;
using System.CommandLine.Parsing;
using WikiBus.Server.Spelling;

namespace WikiBus.Server.Commands;

/// <summary>
/// Finds options and verbs that do not exist, and the names that were probably meant. The parser would take such an
/// option for the name of a stream or file. A name that begins with a hyphen is allowed after <c>--</c>.
/// </summary>
internal static class MistypedNames
{
    /// <summary>A name with this many mistakes is still taken for a known one.</summary>
    private const int MistakesMax = 2;

    /// <summary>A longer name is not compared with the known ones.</summary>
    private const int LengthMax = 40;

    /// <summary>The options that do not exist, each with its message.</summary>
    public static IReadOnlyList<(string Name, string Message)> Find(ParseResult parsed)
    {
        var values = parsed.CommandResult.Children.OfType<OptionResult>()
            .SelectMany(static option => option.Tokens)
            .ToHashSet<Token>(ReferenceEqualityComparer.Instance);
        return
        [
            .. parsed.Tokens.TakeWhile(static token => token.Type != TokenType.DoubleDash)
                .Where(token => token.Type == TokenType.Argument && !values.Contains(token)
                    && token.Value.Length > 1 && token.Value[0] == '-')
                .Select(token => (token.Value, Message(token.Value.Split('=')[0], parsed.CommandResult))),
        ];
    }

    private static string Message(string given, CommandResult command) =>
        $"There is no option {given}.{Hint(given, Known(command))}";

    /// <summary>The message for a verb that the command does not have.</summary>
    public static string MessageOfVerb(string given, Command command) =>
        $"There is no command {given}.{Hint(given, command.Subcommands.Select(static verb => verb.Name))}";

    private static string Hint(string given, IEnumerable<string> names)
    {
        var nearest = given.Length > LengthMax ? null : names
            .Select(known => (Known: known, Mistakes: EditDistance.Between(given, known)))
            .Where(item => item.Mistakes <= MistakesMax && item.Mistakes < item.Known.TrimStart('-').Length)
            .OrderBy(static item => item.Mistakes)
            .Select(static item => item.Known)
            .FirstOrDefault();
        return nearest is null ? "" : $" Did you mean {nearest}?";
    }

    /// <summary>The long names of the command's options, and of those that its parents give to all.</summary>
    private static IEnumerable<string> Known(CommandResult command)
    {
        for (var result = command; result is not null; result = result.Parent as CommandResult)
        {
            var isOwn = result == command;
            foreach (var option in result.Command.Options.Where(option => isOwn || option.Recursive))
            {
                yield return option.Name;
            }
        }
    }
}
