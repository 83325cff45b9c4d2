using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Keys;

/// <summary>The options that say what a key may do, of the verbs that make a key and that replace its rights.</summary>
internal sealed class KeyRights
{
    private readonly Option<string[]> _role = new("--role")
    {
        Description = $"What the key may do: {string.Join(", ", RoleNames.All)}; joined by commas, or repeated",
        HelpName = "ROLE",
        Required = true,
        CustomParser = Roles,
    };

    private readonly Option<string[]> _stream = new("--stream")
    {
        Description = "Only streams of this pattern, such as mediawiki.page-*; may be repeated (default: all)",
        HelpName = "PATTERN",
    };

    private readonly Option<string[]> _wiki = new("--wiki")
    {
        Description = "Only events of this wiki (database or wiki id); may be repeated (default: all)",
        HelpName = "WIKI",
    };

    private readonly Option<string[]> _domain = new("--domain")
    {
        Description = "Only events of this domain, also purges, which name no wiki; may be repeated (default: all)",
        HelpName = "DOMAIN",
    };

    private readonly Option<string[]> _network = new("--network")
    {
        Description = "Its subscriptions may target this network, such as 10.0.0.0/8, beyond public ones; "
            + "may be repeated",
        HelpName = "CIDR",
    };

    private readonly Option<string[]> _host = new("--host")
    {
        Description = "Its subscriptions may target the host of this name, whatever its address; may be repeated",
        HelpName = "NAME",
    };

    public KeyRights()
    {
        _role.CompletionSources.Add([.. RoleNames.All]);
    }

    public IReadOnlyList<Symbol> Symbols => [_role, _stream, _wiki, _domain, _network, _host];

    public void Write(ParseResult arguments, Utf8JsonWriter writer)
    {
        JsonBody.WriteList(writer, "roles", arguments.GetValue(_role));
        JsonBody.WriteList(writer, "streams", arguments.GetValue(_stream));
        JsonBody.WriteList(writer, "wikis", arguments.GetValue(_wiki));
        JsonBody.WriteList(writer, "domains", arguments.GetValue(_domain));
        JsonBody.WriteList(writer, "networks", arguments.GetValue(_network));
        JsonBody.WriteList(writer, "hosts", arguments.GetValue(_host));
    }

    public void HintAtDomains(ParseResult arguments)
    {
        foreach (var wiki in (arguments.GetValue(_wiki) ?? []).Where(static wiki => wiki.Contains('.')))
        {
            Terminal.Say(
                $"'{wiki}' looks like a domain; --wiki takes a database name or wiki id such as enwiki, --domain takes "
                + "a domain");
        }
    }

    private static string[] Roles(ArgumentResult result)
    {
        string[] roles = [.. result.Tokens.SelectMany(static token => token.Value.Split(','))];
        foreach (var role in roles.Except(RoleNames.All))
        {
            result.AddError($"--role: '{role}' is not allowed; {string.Join(", ", RoleNames.All)} are.");
        }

        return roles;
    }
}
