using System.CommandLine;

namespace WikiBus.Server.Commands.Client;

/// <summary>
/// Where the server is and who asks: the options of all verbs that send requests to a running server.
/// </summary>
internal sealed class ServerOptions
{
    public const string DefaultUrl = "http://localhost:8192";

    private const string UrlVariable = "WIKIBUS_URL";
    private const string KeyVariable = "WIKIBUS_KEY";
    private const string AdminKeyFile = "admin.key";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The server's address (default: ${UrlVariable}, else {DefaultUrl})",
        HelpName = "URL",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"The key to present (default: ${KeyVariable})",
        HelpName = "KEY",
    };

    private readonly AdminKeyUse _adminKey;
    private readonly Option<string?>? _data;

    public ServerOptions(AdminKeyUse adminKey)
    {
        _adminKey = adminKey;
        if (adminKey != AdminKeyUse.None)
        {
            _data = new Option<string?>("--data")
            {
                Description = "The server's data directory, "
                    + "whose admin.key is used when no key is given (default ./data)",
                HelpName = "DIR",
            };
        }
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        if (_data is not null)
        {
            command.Options.Add(_data);
        }
    }

    /// <exception cref="CommandFault">The address is not an http or https URL.</exception>
    public BusClient Connect(ParseResult arguments)
    {
        var url = arguments.GetValue(_url) ?? Environment.GetEnvironmentVariable(UrlVariable) ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !IsHttp(address))
        {
            var shown = WithoutUserInfo(url);
            var hint = url.Contains("://", StringComparison.Ordinal) ? "" : $" Did you mean http://{shown}?";
            throw new CommandFault($"'{shown}' is no http or https address.{hint}", Hosting.ExitCodes.Usage);
        }

        // Messages show the address, and no request presents a password.
        address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        var key = arguments.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        var adminKey = key is null ? AdminKey(arguments, address) : null;
        return new BusClient(address, key ?? adminKey, key is null && IsTried(arguments))
        {
            KeyFile = adminKey is null ? null : AdminKeyPath(arguments),
            KeySources = _data is null
                ? $"--key or {KeyVariable}"
                : $"--key or {KeyVariable}, or name the server's data directory by --data",
        };
    }

    private static bool IsHttp(Uri address) =>
        address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    /// <summary>A text that may be no URL, without what may be a password.</summary>
    private static string WithoutUserInfo(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end ? url[..(end + 3)] : "";
        return url.LastIndexOf('@') is >= 0 and var at ? scheme + url[(at + 1)..] : url;
    }

    /// <summary>Whether the key is only tried: its folder was not named, and the verb may not need it.</summary>
    private bool IsTried(ParseResult arguments) =>
        _data is not null && _adminKey == AdminKeyUse.Tried && arguments.GetValue(_data) is null;

    private string AdminKeyPath(ParseResult arguments) =>
        Path.Combine(arguments.GetValue(_data!) ?? "./data", AdminKeyFile);

    /// <summary>The server's own key; it stays on this machine.</summary>
    private string? AdminKey(ParseResult arguments, Uri address)
    {
        if (_data is null || !address.IsLoopback)
        {
            return null;
        }

        var file = AdminKeyPath(arguments);
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return arguments.GetValue(_data) is null
                ? null
                : throw new CommandFault($"'{file}' does not exist; --data names the server's data directory.");
        }
        catch (UnauthorizedAccessException) when (IsTried(arguments))
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFault($"'{file}' may not be read by this user; use --key, or run as the server's user.");
        }
    }
}
