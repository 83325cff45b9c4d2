using System.Text;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Notices of combined sets to watchers that are slow or fail.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task WatchersThatHang_DelayNoWatchersOfOtherKeys()
    {
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hanging = await WebhookReceiver.StartAsync((context, _) =>
            isOver.Task.WaitAsync(context.RequestAborted));
        await using var good = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync(("Deliveries:Timeout", "10 min"));
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server), "slow",
            Watching("slow", [.. Enumerable.Range(0, 50).Select(number => $"{hanging.Url}?{number}")]));
        await hanging.WaitAsync(2);
        await DreamApi.CreateAsync(server, await DreamApi.MakeKeyAsync(server), "good", Watching("good", good.Url));
        var notice = (await good.WaitAsync(1))[0];
        notice["x-dream-event-channel"].ShouldBe("pubsub:///set/update");
        hanging.Received.Count.ShouldBe(2);
        isOver.SetResult();
    }

    [Fact]
    public async Task WatcherThatFails_IsReportedOnce_AndTriedAgain()
    {
        await using var recipient = await WebhookReceiver.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number <= 2 ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var server = await RunningServer.StartAsync();
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server), "loc1", Watching("1", recipient.Url + "?s3cret"));
        await recipient.WaitAsync(3);
        server.Errors.Lines.Count(static line => line.Contains(
            "A destination of the set loc1 did not take the combined set", StringComparison.Ordinal)).ShouldBe(1);
        server.Errors.Lines.ShouldNotContain(static line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RevokedKey_TakesItsSetsOutOfTheNextNotice()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var server = await RunningServer.StartAsync();
        var gone = await KeyApi.CreateAsync(server, """{"id": "gone", "roles": ["subscribe"]}""");
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server, "\"subscribe\", \"chain\""), "watcher",
            Watching("1", recipient.Url));
        await DreamApi.CreateAsync(server, gone, "loc1", DreamApi.Set("2", "", "http://127.0.0.1:9/of-gone"));
        await TestTime.UntilAsync(() => Last().Contains("of-gone", StringComparison.Ordinal));
        (await KeyApi.SendAsync(server, HttpMethod.Delete, "/v1/keys/gone", KeyApi.AdminKey(server)))
            .EnsureSuccessStatusCode();
        await TestTime.UntilAsync(() => !Last().Contains("of-gone", StringComparison.Ordinal));
        Last().ShouldContain("version=\"4\"");

        string Last() => Encoding.UTF8.GetString(recipient.Received.LastOrDefault()?.Body ?? []);
    }

    private static string Watching(string owner, params string[] destinations) =>
        DreamApi.Set(owner, "", destinations).Replace("event://a/*", "pubsub://*/*", StringComparison.Ordinal);
}
