using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Posts events by hand.</summary>
internal static class IntakePost
{
    /// <summary>An event that lacks only members that intake fills in.</summary>
    public const string Event = """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"hello"}""";

    public static Task<RawResponse> SendAsync(
        RunningServer server, string body, params (string Name, string Value)[] headers) =>
        SendAsync(server, Encoding.UTF8.GetBytes(body), headers);

    public static Task<RawResponse> SendAsync(
        RunningServer server, byte[] body, params (string Name, string Value)[] headers) => RawHttp.SendAsync(
        server.Address, "POST", "/v1/events", [("Content-Type", "application/json"), .. headers], body);

    public static Task<RawResponse> GetAsync(RunningServer server, string target, string method = "GET") =>
        RawHttp.SendAsync(server.Address, method, target, [], body: null);
}
