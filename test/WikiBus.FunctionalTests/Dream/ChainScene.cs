using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Dream.Notices;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The services of a scenario about chains, each a real host, and recipients.</summary>
internal sealed class ChainScene : IAsyncDisposable
{
    /// <summary>What is expected and does not come is waited for this long.</summary>
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_noticesMax = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, RunningServer> _servers = new(StringComparer.Ordinal);
    private readonly Placeholders _placeholders = new();
    private DreamRecipients _recipients = null!;

    private ChainScene()
    {
    }

    /// <summary>Starts the services that the steps name, without links.</summary>
    public static async Task<ChainScene> StartAsync(IEnumerable<DreamStep> steps)
    {
        var scene = new ChainScene();
        scene._recipients = await DreamRecipients.StartAsync(scene._placeholders);
        var texts = string.Concat(steps.Select(static step => step.Request?.Path + step.Setup));
        foreach (var suffix in (string[])["", "_B", "_C", "_D", "_U"])
        {
            if (texts.Contains($"{{{{BASE{suffix}}}}}", StringComparison.Ordinal))
            {
                await scene.AddAsync(suffix);
            }
        }

        return scene;
    }

    /// <summary>Forgets what came, and lets the recipients answer as in a step.</summary>
    public void Plan(DreamStep expected) => _recipients.Plan(expected.Deliveries);

    /// <summary>Starts a service again, linked as its recorded configuration says.</summary>
    public async Task LinkAsync(JsonElement setup)
    {
        var name = setup.GetProperty("service").GetString()!;
        var config = XElement.Parse($"<config>{Fill(setup.GetProperty("config").GetString()!)}</config>");
        var keys = config.Elements("set-cookie").ToDictionary(
            static cookie => cookie.Element("uri")!.Value, static cookie => cookie.Element("value")!.Value);
        var options = new List<(string, string)>(OptionsOf(_servers[name]));
        foreach (var (element, list) in ((string, string)[])[("upstream", "Upstream"), ("downstream", "Downstream")])
        {
            var index = 0;
            foreach (var uri in config.Elements(element).Elements("uri").Select(static uri => uri.Value))
            {
                var prefix = string.Create(CultureInfo.InvariantCulture, $"Dream:{list}:{index++}");
                options.Add(($"{prefix}:Uri", uri));
                if (keys.FirstOrDefault(key => uri.StartsWith(key.Key, StringComparison.Ordinal)).Value is { } value)
                {
                    options.Add(($"{prefix}:Key", value));
                }
            }
        }

        await _servers[name].RestartAsync([.. options]);
    }

    /// <summary>Repeats a step until its outcome is the expected one; else says how it differs.</summary>
    public async Task<string?> FindDifferenceAsync(DreamStep step, DreamStep expected)
    {
        var limit = TimeProvider.System.GetUtcNow() + s_waitMax;
        RawResponse? answer = null;
        while (true)
        {
            // Only a question is asked again, since changes of other services may still be under way.
            answer = answer is null || step.Request!.Method == "GET" ? await SendAsync(step.Request!) : answer;
            var values = _placeholders.Clone();
            var difference = DreamComparison.FindDifference(expected.Response!, answer, values)
                ?? (ChainDecisions.HasDeliveries(step)
                    ? DreamComparison.FindDifference(expected.Deliveries, _recipients.Received, values)
                    : null);
            if (difference is null)
            {
                _placeholders.Take(values);
                await SettleAsync();
                return null;
            }

            if (TimeProvider.System.GetUtcNow() > limit)
            {
                return $"{difference}\n    answer: {answer.Status} {answer.Text}";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestTime.Token());
        }
    }

    /// <summary>Waits until the recipients got what a step without a request expects.</summary>
    public async Task<string?> FindDifferenceAsync(DreamStep expected)
    {
        var limit = TimeProvider.System.GetUtcNow() + s_waitMax;
        while (true)
        {
            var values = _placeholders.Clone();
            var difference = DreamComparison.FindDifference(expected.Deliveries, _recipients.Received, values);
            if (difference is null || TimeProvider.System.GetUtcNow() > limit)
            {
                _placeholders.Take(values);
                return difference;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestTime.Token());
        }
    }

    // Recorded steps waited until changes had gone through the chain. Notices that are refused never do.
    private async Task SettleAsync()
    {
        var limit = TimeProvider.System.GetUtcNow() + s_noticesMax;
        for (var quiet = 0; quiet < 5 && TimeProvider.System.GetUtcNow() < limit;)
        {
            quiet = _servers.Values.All(static server => server.Services.GetRequiredService<NoticeSender>().IsQuiet)
                ? quiet + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestTime.Token());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        await _recipients.DisposeAsync();
    }

    private async Task AddAsync(string suffix)
    {
        var server = await RunningServer.StartAsync(OptionsOf(server: null));
        _servers.Add($"{{{{BASE{suffix}}}}}", server);
        _placeholders[$"BASE{suffix}_PATH"] = "/pubsub";
        _placeholders[$"BASE{suffix}"] = $"{server.Address.ToString().TrimEnd('/')}/pubsub";
        var keys = server.Services.GetRequiredService<KeyStore>();
        _placeholders["APIKEY"] = "the-same-key-for-all-services";
        await keys.CreateAsync(new KeyRequest { Roles = ["manage"], Secret = _placeholders["APIKEY"] });
        var change = await keys.CreateAsync(new KeyRequest
        {
            Roles = ["publish", "subscribe", "read", "chain"],
            Networks = ["127.0.0.0/8"],
        });
        _placeholders[$"INTERNAL_KEY{suffix}"] = change.Secret!;
    }

    private async Task<RawResponse> SendAsync(DreamMessage request)
    {
        var name = request.Path[..(request.Path.IndexOf("}}", StringComparison.Ordinal) + 2)];
        var target = Fill($"/pubsub{request.Path[name.Length..]}")
            + (request.Query.Length > 0 ? $"?{Fill(request.Query)}" : "");
        return await RawHttp.SendAsync(
            _servers[name].Address, request.Method, target,
            request.Headers.Select(header => (header.Name, Fill(header.Value)))
                .Prepend(("X-Forwarded-Host", _servers[name].Address.Authority)),
            request.BodyOf(_placeholders) ?? (request.Method == "POST" ? [] : null));
    }

    private string Fill(string text) => _placeholders.Fill(text);

    // A service keeps its address over a restart, since it is known by it.
    private static (string, string)[] OptionsOf(RunningServer? server) =>
    [
        ("Hosting:Listen:0", server?.Address.ToString().TrimEnd('/') ?? "http://127.0.0.1:0"),
        ("Deliveries:AllowedNetworks:0", "127.0.0.0/8"),
    ];
}
