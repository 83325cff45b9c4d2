using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>
/// The real host with the API of a wiki that a test scripts, and recipients. Users 1 and 2 may read page 10, user 1
/// page 11, and nobody any other page.
/// </summary>
internal sealed class DekiScene : IAsyncDisposable
{
    public const string MasterKey = "masterkey1111";

    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(10);

    private readonly Placeholders _placeholders = new();
    private readonly List<string> _calls = [];
    private readonly JumpingClock _clock = new();
    private readonly Lock _lock = new();
    private ScriptedServer _api = null!;
    private RunningServer _server = null!;
    private DreamRecipients _recipients = null!;
    private string _key = "";

    private DekiScene()
    {
    }

    /// <summary>
    /// Answers calls in place of the wiki: a status by the call's path, 0 for no answer; null: as usual.
    /// </summary>
    public Func<string, int?> Trouble { get; set; } = static _ => null;

    /// <summary>Answers every call with this text in place of the wiki; null: as usual.</summary>
    public string? Text { get; set; }

    /// <summary>The instance key of the wiki <c>default</c>.</summary>
    public string InstanceKey { get; set; } = "instance-key";

    /// <summary>May user 2 read page 10?</summary>
    public bool MaySecondUserRead { get; set; } = true;

    public RunningServer Server => _server;

    /// <summary>The calls of the API since the last step: <c>settings</c>, <c>page</c> or <c>allowed</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The recipients that got something since the last step, such as <c>A/master</c>.</summary>
    public IEnumerable<string> Received => _recipients.Received.Select(static one => one.Recipient + one.Path);

    /// <summary>The recipients that the deliveries name.</summary>
    public IEnumerable<string> Named => _recipients.Received
        .SelectMany(static one => (one.Header("X-Dream-Event-Recipient-Uri") ?? "").Split(','))
        .Select(static uri => uri[(uri.LastIndexOf('/') + 1)..]);

    public static async Task<DekiScene> StartAsync(params (string Key, string Value)[] options)
    {
        var scene = new DekiScene();
        scene._recipients = await DreamRecipients.StartAsync(scene._placeholders);
        scene._api = await ScriptedServer.StartAsync((context, number) => scene.AnswerAsync(context, number));
        scene._server = await RunningServer.StartAsync(
            services => services.AddSingleton<TimeProvider>(scene._clock),
            [
                ("Deliveries:AllowedNetworks:0", "127.0.0.0/8"),
                ("Dream:Deki:ApiUri", new Uri(scene._api.Address, "/deki").ToString()),
                ("Dream:Deki:ApiKey", MasterKey), .. options,
            ]);
        scene._placeholders["BASE"] = $"{scene._server.Address.ToString().TrimEnd('/')}/pubsub";
        scene._placeholders["MASTER_KEY"] = MasterKey;
        var change = await scene._server.Services.GetRequiredService<KeyStore>().CreateAsync(
            new KeyRequest { Roles = ["publish", "subscribe", "read", "chain"] });
        scene._key = change.Secret!;
        return scene;
    }

    /// <summary>Sends a recorded request after the caches have ended, and waits until all is quiet.</summary>
    public async Task SendAsync(DreamStep step)
    {
        var request = step.Request!;
        await SendAsync(
            request.Path.Replace("{{BASE}}", "", StringComparison.Ordinal),
            _placeholders.Fill(request.Text ?? ""),
            [.. request.Headers.Select(header => (header.Name, _placeholders.Fill(header.Value)))]);
    }

    /// <inheritdoc cref="SendAsync(DreamStep)"/>
    public async Task SendAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        _clock.Error += TimeSpan.FromSeconds(31);
        Begin();
        var answer = await RawHttp.SendAsync(
            _server.Address, "POST", $"/pubsub{path}?apikey={_key}", headers,
            System.Text.Encoding.UTF8.GetBytes(body));
        answer.Status.ShouldBeOneOf(200, 201);
        await SettleAsync();
    }

    /// <summary>The base URI of a recipient.</summary>
    public string UriOf(string letter) => _placeholders[$"REC_{letter}"];

    /// <summary>Forgets the calls and deliveries so far.</summary>
    public void Begin()
    {
        _recipients.Plan([]);
        lock (_lock)
        {
            _calls.Clear();
        }
    }

    public void Jump(TimeSpan time) => _clock.Error += time;

    /// <summary>Waits until nothing is under way but what waits for the wiki.</summary>
    public Task SettleAsync() => UntilAsync(() => States().All(
        static one => (one.Lag == 0 && one.Waiting == 0) || one.Reason == "deki-api"));

    public IReadOnlyList<SubscriptionStatus> States() =>
        [.. _server.Services.GetRequiredService<Subscriptions>().List("dream")];

    /// <summary>Waits until the condition holds over some time.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var limit = TimeProvider.System.GetUtcNow() + s_waitMax;
        for (var quiet = 0; quiet < 5;)
        {
            (TimeProvider.System.GetUtcNow() < limit).ShouldBeTrue(
                string.Join(", ", States().Select(static one => $"{one.Id} {one.State} {one.Reason} {one.Lag}")));
            quiet = condition() && _recipients.IsQuiet ? quiet + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestTime.Token());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _recipients.DisposeAsync();
        await _api.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, int number)
    {
        var path = context.Request.Path.Value!;
        lock (_lock)
        {
            _calls.Add(path.EndsWith("/allowed", StringComparison.Ordinal) ? "allowed"
                : path.EndsWith("/settings", StringComparison.Ordinal) ? "settings" : "page");
        }

        var isRight = context.Request.Query["apikey"] == MasterKey;
        var wiki = context.Request.Headers["X-Deki-Site"].ToString();
        switch (isRight ? Trouble(path) : 403)
        {
            case 0:
                context.Abort();
                return;
            case { } status:
                context.Response.StatusCode = status;
                return;
        }

        var question = System.Text.Encoding.UTF8.GetString(_api.Requests[number - 1].Body);
        await context.Response.WriteAsync(Text ?? path switch
        {
            "/deki/site/settings" => "<config><security><api-key>"
                + $"{(wiki == "id=default" ? InstanceKey : "other-key")}</api-key></security></config>",
            "/deki/pages/10" or "/deki/pages/11" => "<page><page.parent id=\"9\"><page.parent id=\"8\">"
                + "<page.parent id=\"7\" /></page.parent></page.parent></page>",
            "/deki/pages/20" => "<page><page.parent id=\"7\" /></page>",
            "/deki/pages/10/allowed" => Allowed(question, MaySecondUserRead ? ["1", "2"] : ["1"]),
            "/deki/pages/11/allowed" => Allowed(question, ["1"]),
            _ => "<users></users>",
        });
    }

    private static string Allowed(string question, string[] users) => "<users>" + string.Concat(
        Regex.Matches(question, "id=\"([^\"]*)\"", RegexOptions.None, s_waitMax)
            .Select(static match => match.Groups[1].Value).Where(users.Contains)
            .Select(static user => $"<user id=\"{user}\" />")) + "</users>";
}
