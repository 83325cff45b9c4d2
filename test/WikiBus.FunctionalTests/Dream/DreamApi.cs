using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Deliveries;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Calls the routes of subscription sets.</summary>
internal static class DreamApi
{
    public const string Path = "/pubsub/subscribers";

    /// <summary>A key that may have sets.</summary>
    public static Task<string> MakeKeyAsync(RunningServer server, string roles = "\"subscribe\"") =>
        KeyApi.CreateAsync(server, $$"""{"roles": [{{roles}}], "networks": ["127.0.0.0/8"]}""");

    /// <summary>A set with one subscription for each destination.</summary>
    public static string Set(string owner, string attributes, params string[] destinations) =>
        $"<subscription-set {attributes}><uri.owner>http://owner/{owner}</uri.owner>"
        + string.Concat(destinations.Select(static uri =>
            "<subscription id=\"1\"><channel>event://a/*</channel><recipient>"
            + $"<uri>{uri}</uri></recipient></subscription>"))
        + "</subscription-set>";

    /// <summary>Sends a request.</summary>
    /// <param name="server">The server.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The path after that of the sets, and the query.</param>
    /// <param name="body">An XML document; null: none.</param>
    /// <param name="headers">Further headers.</param>
    public static Task<RawResponse> SendAsync(
        RunningServer server, string method, string target, string? body = null,
        params (string Name, string Value)[] headers) =>
        RawHttp.SendAsync(
            server.Address, method, Path + target, [("Content-Type", "application/xml; charset=utf-8"), .. headers],
            body is null ? null : System.Text.Encoding.UTF8.GetBytes(body));

    /// <summary>Creates a set at a location, with the access key <c>k</c>.</summary>
    public static async Task CreateAsync(RunningServer server, string key, string location, string set)
    {
        var answer = await SendAsync(
            server, "POST", $"?apikey={key}", set, ("X-Set-Location-Key", location), ("X-Set-Access-Key", "k"));
        answer.Status.ShouldBe(201, answer.Text);
    }

    public static async Task ReplaceAsync(RunningServer server, string location, string set, int status = 200)
    {
        var answer = await SendAsync(server, "PUT", $"/{location}?access-key=k", set);
        answer.Status.ShouldBe(status, answer.Text);
    }

    /// <summary>The engine's subscriptions of all sets, by id.</summary>
    public static IReadOnlyList<SubscriptionStatus> Destinations(RunningServer server) =>
        [.. server.Services.GetRequiredService<Subscriptions>().List("dream")];

    /// <summary>Their ids and URIs, as <c>dream:loc1:1 http://a/q</c>.</summary>
    public static IEnumerable<string> DescribeDestinations(RunningServer server) =>
        Destinations(server).Select(static status => string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Id} {WikiBus.Server.Dream.Sending.DestinationDefinition.Parse(status.Definition).Uri}"));
}
