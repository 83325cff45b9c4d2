using WikiBus.Events;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Reading;

/// <summary>The streams that the command line names: by their names, and by patterns with <c>*</c>.</summary>
internal sealed class StreamChoice
{
    private readonly List<(string Text, StreamPattern Pattern)> _patterns = [];

    /// <exception cref="CommandFault">One of them cannot be a stream.</exception>
    public StreamChoice(IEnumerable<string> arguments)
    {
        var names = new List<string>();
        foreach (var text in arguments.SelectMany(static argument => argument.Split(',')))
        {
            if (text.Contains('*') && StreamPattern.IsValid(text))
            {
                _patterns.Add((text, new StreamPattern(text)));
            }
            else if (StreamName.IsValid(text))
            {
                names.Add(text);
            }
            else
            {
                throw new CommandFault(
                    $"'{text}' is not a stream's name; letters, digits, '.', '_' and '-' are allowed, and * in a "
                    + $"pattern, at most {StreamName.LengthMax} characters.",
                    ExitCodes.Usage);
            }
        }

        Names = [.. names.Distinct(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    public bool HasPatterns => _patterns.Count > 0;

    /// <summary>Whether a pattern matches the stream.</summary>
    public bool Matches(string stream) => _patterns.Exists(pattern => pattern.Pattern.Matches(stream));

    /// <summary>Whether streams that come later can belong to the choice.</summary>
    public bool CanGrow(IReadOnlyCollection<string> streams) => HasPatterns || Names.Except(streams).Any();

    /// <summary>The names and patterns for which there is no stream.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyCollection<string> streams) =>
    [
        .. Names.Except(streams),
        .. _patterns.Where(pattern => !streams.Any(pattern.Pattern.Matches)).Select(static pattern => pattern.Text),
    ];
}
