using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Services that are linked, and what tests ask of them.</summary>
internal static class ChainApi
{
    /// <summary>What a key needs to link a service, and to publish there.</summary>
    public const string Roles = "\"publish\", \"read\", \"subscribe\", \"chain\"";

    public static string UriOf(RunningServer server) => $"{server.Address.ToString().TrimEnd('/')}/pubsub";

    public static string Set(string owner, string channel, WebhookReceiver recipient, string query = "") =>
        $"<a><uri.owner>http://owner/{owner}</uri.owner><subscription id='1'><channel>{channel}</channel>"
        + $"<recipient><uri>{recipient.Url}{query}</uri></recipient></subscription></a>";

    public static async Task<string> CombinedAsync(RunningServer server) =>
        (await DreamApi.SendAsync(server, "GET", $"?apikey={KeyApi.AdminKey(server)}")).Text;

    public static async Task PublishAsync(RunningServer server, string key, string id, string channel) =>
        (await RawHttp.SendAsync(
            server.Address, "POST", $"/pubsub/publish?apikey={key}",
            [
                ("Content-Type", "application/xml"), ("X-Dream-Event-Id", id), ("X-Dream-Event-Channel", channel),
                ("X-Dream-Event-Origin-Uri", "http://o/1"),
            ],
            "<e/>"u8.ToArray())).Status.ShouldBe(200);

    public static async Task<(string, string)[]> LinkAsync(string list, int index, RunningServer other) =>
    [
        ($"Dream:{list}:{index}:Uri", $"{UriOf(other)}/subscribers"),
        ($"Dream:{list}:{index}:Key", await DreamApi.MakeKeyAsync(other, Roles)),
    ];

    public static Task<RunningServer> StartAsync((string List, RunningServer Other) link) =>
        StartAsync([link], "http://127.0.0.1:0");

    /// <summary>A fast clock lets a test see what happens every minute.</summary>
    public static async Task<RunningServer> StartAsync((string List, RunningServer Other)[] links, string listen)
    {
        var options = new List<(string, string)> { ("Hosting:Listen:0", listen) };
        for (var index = 0; index < links.Length; index++)
        {
            options.AddRange(await LinkAsync(links[index].List, index, links[index].Other));
        }

        return await RunningServer.StartAsync(
            static services => services.AddSingleton<TimeProvider>(new FastClock()),
            [
                .. options, ("Deliveries:Timeout", "10 min"), ("Deliveries:ConnectTimeout", "5 min"),
                ("Intake:Deadline", "10 min"),
            ]);
    }
}
