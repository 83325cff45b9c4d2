using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.DeadLetters;

/// <summary>Which dead deliveries a command means: some ids, or all that a filter matches.</summary>
internal sealed class DeadLetterChoice
{
    private const string Root = "v1/dead-letters";

    private readonly IReadOnlyList<string> _ids;
    private readonly IReadOnlyList<(string Name, string? Value)> _filter;

    /// <exception cref="CommandFault">It is both or neither.</exception>
    public DeadLetterChoice(IReadOnlyList<string> ids, IReadOnlyList<(string Name, string? Value)> filter)
    {
        HasFilter = filter.Any(static term => term.Value is not null);
        if (HasFilter == ids.Count > 0)
        {
            var options = string.Join(", ", filter.Select(static term => $"--{term.Name}"));
            throw new CommandFault(
                $"Which ones? Name ids, or at least one of {options}; not both.", ExitCodes.Usage);
        }

        _ids = ids;
        _filter = filter;
    }

    public bool HasFilter { get; }

    /// <summary>The requests: one for each id, or a single one without an id for the filter.</summary>
    /// <param name="operation">What follows the path, such as <c>/replay</c>.</param>
    public IEnumerable<(string Path, string? Id)> Requests(string operation = "") => HasFilter
        ? [(QueryPath.Of(Root + operation, _filter), null)]
        : _ids.Select(id => ($"{Root}/{Uri.EscapeDataString(id)}{operation}", (string?)id));
}
