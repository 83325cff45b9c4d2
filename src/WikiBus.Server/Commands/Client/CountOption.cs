using System.CommandLine.Parsing;
using System.CommandLine;
using System.Globalization;

namespace WikiBus.Server.Commands.Client;

/// <summary>Options that are a whole number. The parser's own message would name a type of .NET.</summary>
internal static class CountOption
{
    /// <summary>A number from 0 on.</summary>
    public static Option<long> Create(string name, string helpName, string description) =>
        Create(name, helpName, description, 0, long.MaxValue, "a whole number from 0 on is.");

    /// <summary>A number within two bounds, which are allowed, too.</summary>
    public static Option<long> Create(string name, string helpName, string description, long smallest, long largest) =>
        Create(name, helpName, description, smallest, largest, $"{smallest} to {largest} is.");

    private static Option<long> Create(
        string name, string helpName, string description, long smallest, long largest, string allowed) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Read(result, name, smallest, largest, allowed),
    };

    private static long Read(ArgumentResult result, string name, long smallest, long largest, string allowed)
    {
        var text = result.Tokens[0].Value;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value < smallest || value > largest)
        {
            result.AddError($"{name}: '{text}' is not allowed; {allowed}");
        }

        return value;
    }
}
