using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.FunctionalTests.Dream;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>A wiki in .NET that subscribes at the bus, and gets the events of another one.</summary>
public sealed class DekiSubscriptionTests
{
    private readonly ConcurrentQueue<string> _received = new();
    private readonly ErrorRecorder _log = new();

    [Fact]
    public async Task WikiThatSubscribes_GetsEvents_AlsoAfterRestartsOfBoth()
    {
        using var wikiPort = new ReservedPort();
        await using var bus = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(bus, "\"publish\", \"subscribe\", \"read\"");
        var listen = bus.Address.ToString().TrimEnd('/');
        await using (var wiki = await StartAsync(bus.Address, wikiPort.Number, key))
        {
            await TestTime.UntilAsync(() => DreamApi.Destinations(bus).Count == 1);
            await PublishAsync(bus, key, "create");
            await TestTime.UntilAsync(() => _received.Contains("create"));
            await bus.RestartAsync(("Hosting:Listen:0", listen));
            await PublishAsync(bus, key, "update");
            await TestTime.UntilAsync(() => _received.Contains("update"));
        }

        await PublishAsync(bus, key, "delete");
        await using (var wiki = await StartAsync(bus.Address, wikiPort.Number, key))
        {
            await TestTime.UntilAsync(() => _received.Contains("delete"));
            DreamApi.Destinations(bus).Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task BusThatIsAway_IsTriedAgain_AndTheSetIsDeletedAtTheStop()
    {
        using var busPort = new ReservedPort();
        using var wikiPort = new ReservedPort();
        var address = new Uri($"http://127.0.0.1:{busPort.Number}");
        await using var bus = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(bus, "\"subscribe\"");
        await bus.StopAsync();
        await using (var wiki = await StartAsync(address, wikiPort.Number, key, static one => one.DeleteAtStop = true))
        {
            await bus.StartAgainAsync(("Hosting:Listen:0", address.ToString().TrimEnd('/')));
            await TestTime.UntilAsync(
                () => _log.Lines.Any(static line => line.Contains("delivers events to this wiki")));
            DreamApi.Destinations(bus).Count.ShouldBe(1);
            await wiki.StopAsync(TestTime.Token());
        }

        DreamApi.Destinations(bus).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SubscribersUri must be an absolute URI")]
    [InlineData("OwnerUri must be an absolute URI")]
    [InlineData("RecipientUri must be an absolute URI")]
    [InlineData("Channels must have at least one channel")]
    [InlineData("ApiKey must consist of visible ASCII")]
    [InlineData("AccessKey must have 1 to 64 letters")]
    [InlineData("Timeout must be more than 0")]
    public async Task WrongSetting_FailsTheStart(string fault)
    {
        var exception = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(
            new Uri("http://127.0.0.1:1"), 0, "key", static options =>
            {
                options.SubscribersUri = new Uri("ftp://host/");
                options.OwnerUri = null;
                options.RecipientUri = new Uri("http://user:pass@host/");
                options.Channels.Clear();
                options.ApiKey = "a;b";
                options.AccessKey = "a/b";
                options.Timeout = TimeSpan.Zero;
            }));
        exception.Failures.ShouldContain(one => one.StartsWith(fault, StringComparison.Ordinal));
    }

    private async Task<WebApplication> StartAsync(
        Uri bus, int port, string key, Action<DekiSubscriptionOptions>? change = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var address = $"http://127.0.0.1:{port}";
        builder.WebHost.UseKestrelCore().UseUrls(address);
        builder.Services.AddRoutingCore().AddLogging(logging => logging.AddProvider(_log));
        builder.Services.AddDekiSubscription(options =>
        {
            options.SubscribersUri = new Uri(bus, "/pubsub/subscribers");
            options.OwnerUri = new Uri($"{address}/");
            options.RecipientUri = new Uri($"{address}/events");
            options.RecipientSecret = "recipient-secret";
            options.Channels.Add("event://*/deki/pages/*");
            options.ApiKey = key;
            options.AccessKey = "access-key";
            change?.Invoke(options);
        });
        var wiki = builder.Build();
        wiki.UseRouting();
        wiki.MapDekiRecipient(
            "/events",
            (delivery, _, _) =>
            {
                _received.Enqueue(delivery.Channel.Split('/')[^1]);
                return Task.CompletedTask;
            },
            new DekiRecipientOptions { Secret = "recipient-secret" });
        wiki.UseEndpoints(static _ => { });
        await wiki.StartAsync(TestTime.Token());
        return wiki;
    }

    private static async Task PublishAsync(RunningServer bus, string key, string action)
    {
        var channel = $"event://default/deki/pages/{action}";
        (await RawHttp.SendAsync(
            bus.Address, "POST", $"/pubsub/publish?apikey={key}",
            [
                ("Content-Type", "application/xml; charset=utf-8"), ("X-Dream-Event-Channel", channel),
                ("X-Dream-Event-Origin-Uri", "http://o/1"),
            ],
            System.Text.Encoding.UTF8.GetBytes(
                "<deki-event wikiid=\"default\" event-time=\"2011-03-04T05:06:07Z\">"
                + $"<channel>{channel}</channel></deki-event>"))).Status.ShouldBe(200);
    }
}
