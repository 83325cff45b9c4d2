using System.CommandLine;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.DeadLetters;

/// <summary>The options that select dead deliveries.</summary>
internal sealed class DeadLetterFilter
{
    private readonly Option<string?> _subscription = new("--subscription")
    {
        Description = "Only of this subscription",
        HelpName = "ID",
    };

    private readonly Option<string?> _stream = new("--stream")
    {
        Description = "Only of this stream",
        HelpName = "STREAM",
    };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "Only those given up at this time or later; or 1h for the last hour",
        HelpName = "TIME",
    };

    private readonly Option<string?> _until = new("--until")
    {
        Description = "Only those given up at this time or earlier",
        HelpName = "TIME",
    };

    public IReadOnlyList<Symbol> Symbols => [_subscription, _stream, _since, _until];

    /// <summary>The parameters of a request; those that are not given are null.</summary>
    /// <exception cref="CommandFault">A time is wrong.</exception>
    public IReadOnlyList<(string Name, string? Value)> Read(ParseResult arguments)
    {
        var now = TimeProvider.System.GetUtcNow();
        var since = TimeOption.Read("--since", arguments.GetValue(_since), now);
        var until = TimeOption.Read("--until", arguments.GetValue(_until), now);
        TimeOption.CheckOrder(since, until);
        return
        [
            ("subscription", arguments.GetValue(_subscription)), ("stream", arguments.GetValue(_stream)),
            ("since", since), ("until", until),
        ];
    }
}
