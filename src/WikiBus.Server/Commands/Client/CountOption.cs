using System.CommandLine.Parsing;
using System.CommandLine;
using System.Globalization;

namespace WikiBus.Server.Commands.Client;

/// <summary>Options that are a whole number from 0 on. The parser's own message would name a type of .NET.</summary>
internal static class CountOption
{
    public static Option<long> Create(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Read(result, name),
    };

    private static long Read(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            result.AddError($"{name}: '{text}' is not allowed; a whole number is.");
        }

        return value;
    }
}
