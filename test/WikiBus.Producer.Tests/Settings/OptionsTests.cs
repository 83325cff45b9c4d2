using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Settings;

public sealed class OptionsTests
{
    public static TheoryData<Action<ProducerOptions>, string> Faults => new()
    {
        { options => options.Wiki.Database = "", "Wiki.Database must not be empty." },
        { options => options.Wiki.Database = null!, "Wiki.Database must not be empty." },
        { options => options.Wiki.ArticlePath = null!, "Wiki.ArticlePath must not be empty." },
        { options => options.Wiki.UserNamespace = null!, "Wiki.UserNamespace must not be empty." },
        { options => options.Wiki.ScriptPath = null!, "Wiki: The path of scripts must be empty" },
        { options => options.Wiki.CanonicalServer = "https://a.example/", "Wiki: CanonicalServer must be a scheme" },
        { options => options.Wiki.ArticlePath = "/wiki", "Wiki: The path of pages must be ASCII" },
        { options => options.Generation = (EventGeneration)7, "Generation must be Current or Rel139." },
        { options => options.EnabledKinds = (EventKinds)8, "EnabledKinds must be of None, Event, Job, Purge, All." },
        { options => options.BatchBytesMax = 0, "BatchBytesMax must be at least 1; it is 0." },
        { options => options.QueueBytesMax = 0, "QueueBytesMax must be at least 1; it is 0." },
        { options => options.DefaultService = "x", "DefaultService is 'x'. It must be the name of a service in " +
            "Services, which has eventbus." },
        { options => options.DefaultService = null!, "DefaultService is ''. It must be the name of a service" },
        { options => options.StreamDefaults.Service = "x", "StreamDefaults.Service is 'x'." },
        { options => Streams(options, "s").DestinationService = "x", "Streams['s'].DestinationService is 'x'." },
        { options => Streams(options, "/(/"), "Streams['/(/'] must be a valid pattern: " },
        { options => Streams(options, "/a/x"), "Streams['/a/x'] must be a valid pattern: A pattern is /…/ or /…/i." },
        { options => options.StreamNames["s"] = "", "StreamNames['s'] must be the name of a stream" },
        { options => options.StreamNames["s"] = null!, "StreamNames['s'] must be the name of a stream" },
        { options => options.StreamNames["s"] = "a b", "StreamNames['s'] must be the name of a stream; it is 'a b'" },
        { options => options.PurgeStream = "", "PurgeStream must be the name of a stream" },
        { options => options.PurgeStream = "a b", "PurgeStream must be the name of a stream; it is 'a b'." },
        { options => options.SecretKeys.Add(""), "SecretKeys must not have an empty key." },
        { options => Service(options).Url = "", "Services['eventbus'].Url must be an absolute URL" },
        { options => Service(options).Url = "ftp://a/", "Services['eventbus'].Url must be an absolute URL" },
        { options => Service(options).Url = "http://a:b@c/", "Services['eventbus'].Url must be an absolute URL" },
        { options => Service(options).Timeout = TimeSpan.Zero, "Services['eventbus'].Timeout must be more than 0" },
        { options => Service(options).ApiKey = "", "Services['eventbus'].ApiKey must be ASCII" },
        { options => Service(options).ApiKey = "a b", "Services['eventbus'].ApiKey must be ASCII" },
        { options => Service(options).Headers["a b"] = "1", "Services['eventbus'].Headers['a b'] must be a header" },
        { options => Service(options).Headers["a"] = "1\r\nb: 2", "Services['eventbus'].Headers['a'] must be" },
        { options => Service(options).Headers["a"] = "é", "Services['eventbus'].Headers['a'] must be" },
        { options => Service(options).Headers["Content-Type"] = "a/b", "Headers['Content-Type'] must be a header" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Setting_ThatIsNotAllowed_EndsTheStart(Action<ProducerOptions> configure, string fault)
    {
        var exception = await Should.ThrowAsync<OptionsValidationException>(
            () => TestProducer.StartAsync("http://127.0.0.1:9/", configure));

        exception.Failures.ShouldHaveSingleItem().ShouldContain(fault);
    }

    [Fact]
    public async Task Wiki_ThatSendsNoEventsOfMediaWiki_NeedsNoSettings()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddWikiBusProducer(options => options.EnabledKinds = EventKinds.None);
        using var host = builder.Build();

        await host.StartAsync(TestTime.Token());
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>().FlushAsync(TestTime.Token());
        }

        await host.StopAsync(TestTime.Token());
    }

    [Fact]
    public void Configuration_IsBound()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["P:Wiki:Database"] = "testwiki",
            ["P:Wiki:ServerName"] = "wiki.example.org",
            ["P:Wiki:CanonicalServer"] = "https://wiki.example.org",
            ["P:Wiki:ContentNamespaces:0"] = "4",
            ["P:Generation"] = "Rel139",
            ["P:EnabledKinds"] = "Event, Job",
            ["P:Services:main:Url"] = "http://localhost:8192/v1/events",
            ["P:Services:main:Timeout"] = "00:00:05",
            ["P:Services:main:ForwardsClientIp"] = "true",
            ["P:Services:main:ApiKey"] = "key",
            ["P:Services:main:Headers:X-A"] = "b",
            ["P:DefaultService"] = "main",
            ["P:Streams:mediawiki.page-create:IsEnabled"] = "false",
            ["P:StreamDefaults:Service"] = "main",
            ["P:StreamNames:mediawiki.page_change.v1"] = "page_change",
            ["P:PurgeStream"] = "resource-purge",
            ["P:EnableRunJob"] = "false",
            ["P:SecretKeys:0"] = "secret",
            ["P:QueueBytesMax"] = "1000",
        }).Build();
        var services = new ServiceCollection();
        services.AddWikiBusProducer(configuration.GetSection("P"));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ProducerOptions>>().Value;

        options.Wiki.ContentNamespaces.ShouldBe([4]);
        options.Generation.ShouldBe(EventGeneration.Rel139);
        options.EnabledKinds.ShouldBe(EventKinds.Event | EventKinds.Job);
        var service = options.Services.ShouldHaveSingleItem().Value;
        service.Timeout.ShouldBe(TimeSpan.FromSeconds(5));
        service.ForwardsClientIp.ShouldBeTrue();
        service.ApiKey.ShouldBe("key");
        service.Headers["x-a"].ShouldBe("b");
        options.Streams!["mediawiki.page-create"].IsEnabled.ShouldBe(false);
        options.StreamDefaults.Service.ShouldBe("main");
        options.StreamNames["mediawiki.page_change.v1"].ShouldBe("page_change");
        options.PurgeStream.ShouldBe("resource-purge");
        options.EnableRunJob.ShouldBeFalse();
        options.SecretKeys.ShouldBe(["secret"]);
        options.QueueBytesMax.ShouldBe(1000);
    }

    [Theory]
    [InlineData("Streams:a:IsEnabled", "flase")]
    [InlineData("Services:other:Timeout", "soon")]
    [InlineData("Wiki:ContentNamespaces:0", "x")]
    [InlineData("QueueBytesMax", "64 MiB")]
    [InlineData("Wiki:Databse", "testwiki")]
    public async Task Configuration_ThatCannotBeBound_EndsTheStart(string setting, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"P:{setting}"] = value }).Build();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddWikiBusProducer(configuration.GetSection("P"));
        builder.Services.Configure<ProducerOptions>(
            options => TestProducer.Configure(options, "http://127.0.0.1:9/"));
        using var host = builder.Build();

        (await Should.ThrowAsync<InvalidOperationException>(host.StartAsync(TestTime.Token())))
            .ToString().ShouldContain(setting.Split(':')[^1]);
    }

    [Fact]
    public void Registration_Twice_IsOneProducer()
    {
        var services = new ServiceCollection();
        services.AddWikiBusProducer(options => TestProducer.Configure(options, "http://a.example/"));
        var count = services.Count(service => service.ServiceType == typeof(IHostedService));
        services.AddWikiBusProducer(options => options.PurgeStream = "p");

        services.Count(service => service.ServiceType == typeof(IHostedService)).ShouldBe(count);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<ProducerOptions>>().Value;
        options.PurgeStream.ShouldBe("p");
        options.Services.ShouldHaveSingleItem();
    }

    private static EventServiceOptions Service(ProducerOptions options) => options.Services["eventbus"];

    private static StreamOptions Streams(ProducerOptions options, string name)
    {
        var stream = new StreamOptions();
        options.Streams = new Dictionary<string, StreamOptions> { [name] = stream };
        return stream;
    }
}
