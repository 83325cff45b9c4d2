using System.CommandLine;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Keys;

/// <summary><c>wikibus keys</c>: makes, lists, replaces, rotates and revokes keys of a running server.</summary>
internal static class KeysCommand
{
    private const string Path = "v1/keys";

    public static Command Create() => new("keys", """
        Manage the keys of a running server; on the same machine its own admin key is used

        Examples:
          wikibus keys create --id my-wiki --role publish --domain my.wiki.example
          wikibus keys list
          wikibus keys replace my-wiki --role publish,subscribe --network 10.0.0.0/8
          wikibus keys rotate my-wiki --overlap 1h
          wikibus keys revoke my-wiki
        """)
    {
        CreateKey(),
        List(),
        Replace(),
        Rotate(),
        Revoke(),
    };

    private static Command CreateKey()
    {
        var id = new Option<string?>("--id")
        {
            Description = "The key's id, which stays when it is rotated (default: made up)",
            HelpName = "ID",
        };
        var rights = new KeyRights();
        var secret = SecretFile.CreateOption();
        IReadOnlyList<Symbol> symbols = [id, .. rights.Symbols, secret];
        const string Description = "Make a key; its secret is shown once";
        return ServerVerb.Create("create", Description, symbols, (arguments, client, token) =>
        {
            rights.HintAtDomains(arguments);
            return KeyCalls.PostAsync(client, Path, writer =>
            {
                JsonBody.WriteText(writer, "id", arguments.GetValue(id));
                rights.Write(arguments, writer);
                JsonBody.WriteText(writer, "secret", SecretFile.Read(arguments.GetValue(secret)));
            }, token);
        });
    }

    private static Command Replace()
    {
        var id = IdArgument();
        var rights = new KeyRights();
        const string Description = "Replace all that a key may do; a limit that is not named ends, the secret stays";
        return ServerVerb.Create("replace", Description, [id, .. rights.Symbols], (arguments, client, token) =>
        {
            rights.HintAtDomains(arguments);
            return KeyCalls.PutAsync(
                client, KeyPath(arguments.GetValue(id)!), writer => rights.Write(arguments, writer), token);
        });
    }

    private static Command List() => ServerVerb.Create(
        "list", "List the keys, without secrets", [],
        static (_, client, token) => KeyCalls.ListAsync(client, Path, token));

    private static Command Rotate()
    {
        var id = IdArgument();
        var secret = SecretFile.CreateOption();
        var overlap = new Option<string?>("--overlap")
        {
            Description = "How long the old secret stays valid, such as 30 min or 24h (default: the server's option)",
            HelpName = "TIME",
        };
        const string Description = "Give a key a new secret; the old one stays valid for a time";
        return ServerVerb.Create("rotate", Description, [id, secret, overlap], (arguments, client, token) =>
            KeyCalls.PostAsync(client, KeyPath(arguments.GetValue(id)!) + "/rotate", writer =>
            {
                JsonBody.WriteText(writer, "secret", SecretFile.Read(arguments.GetValue(secret)));
                KeyCalls.WriteOverlap(writer, overlap.Name, arguments.GetValue(overlap));
            }, token));
    }

    private static Command Revoke()
    {
        var id = IdArgument();
        return ServerVerb.Create("revoke", "End a key at once", [id], (arguments, client, token) =>
            KeyCalls.RevokeAsync(client, KeyPath(arguments.GetValue(id)!), arguments.GetValue(id)!, token));
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The key's id" };

    private static string KeyPath(string id) => $"{Path}/{Uri.EscapeDataString(id)}";
}
