using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The real host with Dream's keys, and recipients: the stage of one scenario.</summary>
internal sealed class DreamScene : IAsyncDisposable
{
    private const string Feature = "dream";

    /// <summary>Deliveries that a recording has and that do not come are waited for this long.</summary>
    private static readonly TimeSpan s_deliveryMax = TimeSpan.FromSeconds(5);

    /// <summary>The names of the two keys that may manage, in the placeholders; and of Dream's internal key.</summary>
    private static readonly string[] s_managing = ["APIKEY", "PRIVATE_KEY"];

    private readonly RunningServer _server;
    private readonly DreamRecipients _recipients;
    private readonly Placeholders _placeholders;

    private DreamScene(RunningServer server, DreamRecipients recipients, Placeholders placeholders)
    {
        _server = server;
        _recipients = recipients;
        _placeholders = placeholders;
    }

    public static async Task<DreamScene> StartAsync()
    {
        var placeholders = new Placeholders();
        var recipients = await DreamRecipients.StartAsync(placeholders);
        var server = await RunningServer.StartAsync(
            static services => services.AddSingleton<TimeProvider>(new FastClock()),
            ("Deliveries:AllowedNetworks:0", "127.0.0.0/8"), ("Deliveries:Timeout", "10 min"),
            ("Deliveries:ConnectTimeout", "5 min"), ("Intake:Deadline", "10 min"));
        placeholders["HOST"] = server.Address.Authority;
        placeholders["BASE_PATH"] = "/pubsub";
        placeholders["BASE_PATH_UPPER"] = "/PUBSUB";
        placeholders["BASE"] = $"{server.Address.ToString().TrimEnd('/')}/pubsub";
        var keys = server.Services.GetRequiredService<KeyStore>();
        foreach (var name in s_managing)
        {
            placeholders[name] = await MakeKeyAsync(keys, ["manage"]);
        }

        placeholders["INTERNAL_KEY"] = await MakeKeyAsync(keys, ["publish", "subscribe", "read", "chain"]);
        return new DreamScene(server, recipients, placeholders);
    }

    /// <summary>Repeats a step, and says how the outcome differs from the expected one; null: it does not.</summary>
    public async Task<string?> FindDifferenceAsync(DreamStep step, DreamStep expected)
    {
        _recipients.Plan(expected.Deliveries);
        var request = step.Request!;
        var target = _placeholders.Fill(request.Path.Replace("{{BASE}}", "{{BASE_PATH}}", StringComparison.Ordinal))
            + (request.Query.Length > 0 ? $"?{_placeholders.Fill(request.Query)}" : "");
        var headers = request.Headers.Select(header => (header.Name, _placeholders.Fill(header.Value)))
            .Prepend(("X-Forwarded-Host", _placeholders["HOST"]));
        var answer = await RawHttp.SendAsync(
            _server.Address, request.Method, target, headers, request.BodyOf(_placeholders) ?? BodyOf(request.Method));
        await SettleAsync(expected.Deliveries.Count);
        return DreamComparison.FindDifference(expected.Response!, answer, _placeholders) is { } difference
            ? $"{difference}\n    answer: {answer.Status} {answer.Text}"
            : DreamComparison.FindDifference(expected.Deliveries, _recipients.Received, _placeholders);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _recipients.DisposeAsync();
    }

    private static async Task<string> MakeKeyAsync(KeyStore keys, IReadOnlyList<string> roles)
    {
        var change = await keys.CreateAsync(new KeyRequest { Roles = roles });
        return change.Secret.ShouldNotBeNull(
            string.Create(CultureInfo.InvariantCulture, $"the key was not made: {change.Outcome}"));
    }

    // A POST has a length, also without a body.
    private static byte[]? BodyOf(string method) => method == "POST" ? [] : null;

    // Until the expected deliveries came, and nothing is under way. Late ones fail the next step.
    private async Task SettleAsync(int count)
    {
        var subscriptions = _server.Services.GetRequiredService<Subscriptions>();
        var limit = TimeProvider.System.GetUtcNow() + s_deliveryMax;
        for (var quiet = 0; quiet < 2 && TimeProvider.System.GetUtcNow() < limit;)
        {
            var isQuiet = _recipients.Received.Count >= count && _recipients.IsQuiet
                && subscriptions.List(Feature).All(
                    static one => (one.Lag == 0 && one.Waiting == 0) || one.State != "active");
            quiet = isQuiet ? quiet + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestTime.Token());
        }
    }
}
