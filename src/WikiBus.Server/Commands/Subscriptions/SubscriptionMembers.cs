using System.CommandLine;
using System.Text.Json;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>The options that say what a subscription is, of the verbs that make one and that replace it.</summary>
internal sealed class SubscriptionMembers
{
    private readonly Option<string[]> _stream = new("--stream")
    {
        Description = "Only streams of this pattern, such as mediawiki.page-*; may be repeated (default: all)",
        HelpName = "PATTERN",
    };

    private readonly Option<string[]> _wiki = new("--wiki")
    {
        Description = "Only events of this wiki (database, wiki id or domain); may be repeated (default: all)",
        HelpName = "WIKI",
    };

    private readonly Option<string?> _channel = new("--channel")
    {
        Description = "Only events of this channel, SCHEME://HOST/PATH, in which * matches anything",
        HelpName = "PATTERN",
    };

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only events that match, such as 'page.namespace_id = 0'; may be repeated: all must match",
        HelpName = "EXPRESSION",
    };

    private readonly Option<string?> _order = new("--order")
    {
        Description = "key: events with the same key one after the other; strict: all; none (default: key)",
        HelpName = "ORDER",
    };

    private readonly Option<long> _concurrency =
        CountOption.Create("--concurrency", "N", "Most requests at once (default: 10)");

    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "How long a request may take, such as 10 s (default: the server's option)",
        HelpName = "TIME",
    };

    private readonly Option<string?> _expireAfter = new("--expire-after")
    {
        Description = "Skip events that are older than this, such as 1h (default: never)",
        HelpName = "TIME",
    };

    private readonly HeaderOptions _headers = new();

    public SubscriptionMembers() => _order.AcceptOnlyFromAmong("key", "none", "strict");

    public IReadOnlyList<Symbol> Symbols =>
        [_stream, _wiki, _channel, _filter, _order, _concurrency, _timeout, _expireAfter, .. _headers.Symbols];

    /// <exception cref="CommandFault">Two options read standard input.</exception>
    public void CheckInputs(ParseResult arguments, string? secretFile)
    {
        if (secretFile == SecretFile.StandardInput && _headers.ReadsInput(arguments))
        {
            throw new CommandFault("Only one of --secret and --header-file can read standard input.", ExitCodes.Usage);
        }
    }

    /// <summary>Writes the members that are given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="writer">Inside of an object.</param>
    /// <param name="keptHeaders">Headers whose value the server keeps.</param>
    public void Write(ParseResult arguments, Utf8JsonWriter writer, IReadOnlyList<string>? keptHeaders = null)
    {
        JsonBody.WriteList(writer, "streams", arguments.GetValue(_stream));
        JsonBody.WriteList(writer, "wikis", arguments.GetValue(_wiki));
        JsonBody.WriteText(writer, "channel", arguments.GetValue(_channel));
        JsonBody.WriteList(writer, "filter", arguments.GetValue(_filter));
        JsonBody.WriteText(writer, "order", arguments.GetValue(_order));
        JsonBody.WriteText(writer, "timeout", arguments.GetValue(_timeout));
        JsonBody.WriteText(writer, "expireAfter", arguments.GetValue(_expireAfter));
        if (arguments.GetResult(_concurrency) is not null)
        {
            writer.WriteNumber("concurrency", arguments.GetValue(_concurrency));
        }

        var headers = _headers.Read(arguments, keptHeaders ?? []);
        if (headers.Count > 0)
        {
            writer.WriteStartObject("headers");
            foreach (var (name, value) in headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }
    }
}
