using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Dream.Notices;
using WikiBus.Server.Dream.Subscribers;
using static WikiBus.FunctionalTests.Dream.ChainApi;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Services that are linked: subscriptions flow up, events flow down.</summary>
public sealed class ChainTests
{
    [Theory]
    [InlineData("Downstream")]
    [InlineData("Upstream")]
    public async Task LinkedServices_PassSubscriptionsUpAndEventsDown(string list)
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var other = await RunningServer.StartAsync();
        await using var own = await StartAsync((list, other));
        var (up, down) = list == "Downstream" ? (own, other) : (other, own);
        var upKey = await DreamApi.MakeKeyAsync(up, Roles);
        await DreamApi.CreateAsync(
            down, await DreamApi.MakeKeyAsync(down, Roles), "first", Set("first", "event://*/deki/pages/*", recipient));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains("event://*/deki/pages/*"));

        await PublishAsync(up, upKey, "e1", "event://default/deki/pages/create");
        var received = (await recipient.WaitAsync(1))[0];
        received["x-dream-event-id"].ShouldBe("e1");
        received["x-dream-event-via-uri"].ShouldBe($"{UriOf(up)},{UriOf(down)}");
        System.Text.Encoding.UTF8.GetString(received.Body).ShouldBe("<e/>");

        await DreamApi.CreateAsync(
            down, await DreamApi.MakeKeyAsync(down, Roles), "second",
            Set("second", "event://*/deki/files/*", recipient));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains("event://*/deki/files/*"));
        await PublishAsync(up, upKey, "e2", "event://default/deki/files/create");
        (await recipient.WaitAsync(2))[1]["x-dream-event-id"].ShouldBe("e2");

        (await DreamApi.SendAsync(down, "DELETE", "/first?access-key=k")).Status.ShouldBe(200);
        await TestTime.UntilAsync(async () => !(await CombinedAsync(up)).Contains("event://*/deki/pages/*"));
    }

    [Fact]
    public async Task ServicesInARing_GetEachEventOnce()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var first = await RunningServer.StartAsync();
        await using var second = await StartAsync(("Downstream", first));
        await first.RestartAsync(
        [
            ("Hosting:Listen:0", first.Address.ToString().TrimEnd('/')), .. await LinkAsync("Downstream", 0, second),
            ("Deliveries:AllowedNetworks:0", "127.0.0.0/8"),
        ]);
        foreach (var server in new[] { first, second })
        {
            await DreamApi.CreateAsync(
                server, await DreamApi.MakeKeyAsync(server, Roles), "own",
                Set($"{server.Address.Port}", "event://*/*", recipient, $"?at={server.Address.Port}"));
        }

        await TestTime.UntilAsync(async () => (await CombinedAsync(first)).Contains($"at={second.Address.Port}")
            && (await CombinedAsync(second)).Contains($"at={first.Address.Port}"));
        await PublishAsync(first, await DreamApi.MakeKeyAsync(first, Roles), "e1", "event://default/a/b");
        await recipient.WaitAsync(2);
        await TestTime.UntilAsync(() => Task.FromResult(
            DreamApi.Destinations(first).Concat(DreamApi.Destinations(second)).All(static one => one.Lag == 0)));
        recipient.Received.Count.ShouldBe(2);
        StoredRecords.Read(first).Count.ShouldBe(1);
        StoredRecords.Read(second).Count.ShouldBe(1);

        // The combined sets come to rest, too.
        foreach (var server in new[] { first, second })
        {
            var notices = server.Services.GetRequiredService<NoticeSender>();
            await TestTime.UntilAsync(() => Task.FromResult(notices.IsQuiet));
        }

        var version = first.Services.GetRequiredService<SetStore>().Book.Version;
        version.ShouldBeLessThan(30);
    }

    [Fact]
    public async Task LinkThatLeavesTheConfiguration_IsRemoved()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var other = await RunningServer.StartAsync();
        await DreamApi.CreateAsync(
            other, await DreamApi.MakeKeyAsync(other, Roles), "first", Set("first", "event://*/a/*", recipient));
        await using var own = await StartAsync(("Downstream", other));
        await TestTime.UntilAsync(async () => (await CombinedAsync(own)).Contains("event://*/a/*"));
        await own.RestartAsync(("Hosting:Listen:0", own.Address.ToString().TrimEnd('/')));
        await TestTime.UntilAsync(async () => !(await CombinedAsync(own)).Contains("event://*/a/*"));
        DreamApi.Destinations(own).ShouldBeEmpty();
    }

    [Fact]
    public async Task ServiceThatForgotTheLink_GetsItAgain()
    {
        await using var other = await RunningServer.StartAsync();
        await using var own = await StartAsync(("Upstream", other));
        var key = await DreamApi.MakeKeyAsync(own, Roles);
        await DreamApi.CreateAsync(own, key, "own", DreamApi.Set("1", "", "http://127.0.0.1:9/own"));
        await TestTime.UntilAsync(async () => (await CombinedAsync(other)).Contains("127.0.0.1:9/own"));
        foreach (var id in DreamApi.Destinations(other).Select(static one => one.Id.Split(':')[1]).Distinct())
        {
            (await DreamApi.SendAsync(other, "DELETE", $"/{id}?apikey={KeyApi.AdminKey(other)}")).Status.ShouldBe(200);
        }

        await TestTime.UntilAsync(async () => (await CombinedAsync(other)).Contains("127.0.0.1:9/own"));
    }

    [Fact]
    public async Task OtherServiceWithAForeignSetOfOurs_IsReported_AndTheOthersAreLinked()
    {
        await using var foreign = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        using var port = new ReservedPort();
        var own = $"http://127.0.0.1:{port.Number}";
        var key = await DreamApi.MakeKeyAsync(foreign, Roles);
        await DreamApi.SendAsync(
            foreign, "POST", $"?apikey={key}", $"<a><uri.owner>{own}/pubsub</uri.owner></a>",
            ("X-Set-Access-Key", "unknown"));
        await using var server = await StartAsync([("Upstream", foreign), ("Upstream", other)], own);
        await DreamApi.CreateAsync(
            server, await DreamApi.MakeKeyAsync(server, Roles), "own", DreamApi.Set("1", "", "http://127.0.0.1:9/own"));
        await TestTime.UntilAsync(async () => (await CombinedAsync(other)).Contains("127.0.0.1:9/own"));
        await TestTime.UntilAsync(() => Task.FromResult(server.Errors.Lines.Any(static line =>
            line.Contains("whose access key is another one; delete it there", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("<subscription-set>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'y'>]><a><uri.owner>http://o/&x;</uri.owner></a>")]
    [InlineData("<a><uri.owner>nonsense</uri.owner></a>")]
    [InlineData("HUGE")]
    public async Task HostileAnswerOfAnotherService_ChangesNothing(string answer)
    {
        await using var other = await ScriptedServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/xml";
            for (var part = 0; part < (answer == "HUGE" ? 17_000 : 0); part++)
            {
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                    context.Response, new string('x', 1024), context.RequestAborted);
            }

            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, answer);
        });
        await using var server = await RunningServer.StartAsync(
            ("Dream:Downstream:0:Uri", new Uri(other.Address, "/pubsub/subscribers").ToString()),
            ("Dream:Downstream:0:Key", "s3cret"));
        await TestTime.UntilAsync(() => Task.FromResult(server.Errors.Lines.Any(static line =>
            line.Contains("No link with http", StringComparison.Ordinal))));
        server.Errors.Lines.ShouldAllBe(static line => !line.Contains("s3cret", StringComparison.Ordinal));
        DreamApi.Destinations(server).ShouldBeEmpty();
    }
}
