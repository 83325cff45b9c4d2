using System.Text.Json;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Settings;

namespace WikiBus.Producer.Tests.Settings;

/// <summary>Settings in the words of MediaWiki, and what they do.</summary>
public sealed class MediaWikiSettingsTests
{
    private const string Services =
        """
        "wgEventServices": {
            "eventbus": { "url": "http://localhost:3000/v1/events", "timeout": 5 },
            "eventgate-main": { "url": "http://main:8192/v1/events", "timeout": 0.5,
                                "x_client_ip_forwarding_enabled": true },
            "eventgate-slow": { "url": "http://slow:8192/v1/events" },
            "eventgate-zero": { "url": "http://slow:8192/v1/events", "timeout": 0 }
        }
        """;

    [Theory]
    [InlineData("""{}""", EventKinds.None)]
    [InlineData("""{"wgEnableEventBus":"TYPE_NONE"}""", EventKinds.None)]
    [InlineData("""{"$wgEnableEventBus":"TYPE_EVENT"}""", EventKinds.Event)]
    [InlineData("""{"EnableEventBus":"TYPE_EVENT|TYPE_PURGE"}""", EventKinds.Event | EventKinds.Purge)]
    [InlineData("""{"wgEnableEventBus":"TYPE_JOB|TYPE_PURGE"}""", EventKinds.Job | EventKinds.Purge)]
    [InlineData("""{"wgEnableEventBus":"TYPE_ALL"}""", EventKinds.All)]
    [InlineData("""{"wgEnableEventBus":""}""", EventKinds.All)]
    [InlineData("""{"wgEnableEventBus":5}""", EventKinds.Event | EventKinds.Purge)]
    public void EnableEventBus_SetsTheKinds(string settings, EventKinds kinds) =>
        Apply(settings).EnabledKinds.ShouldBe(kinds);

    [Theory]
    [InlineData("""{"wgEnableEventBus":"X"}""", "EnableEventBus: X not recognized")]
    [InlineData("""{"wgEnableEventBus":"TYPE_EVENT | TYPE_JOB"}""", "EnableEventBus: TYPE_EVENT  not recognized")]
    [InlineData("""{"wgEnableEventBus":"type_all"}""", "EnableEventBus: type_all not recognized")]
    [InlineData("""{"wgEnableEventBus":[]}""", "EnableEventBus must be a string")]
    [InlineData("""{"wgEventServices":{"a":{}}}""", "EventServices['a']['url'] must be a string")]
    [InlineData("""{"wgEventServices":["a"]}""", "EventServices must be an object")]
    [InlineData("""{"wgEventBusMaxBatchByteSize":"x"}""", "must be an integer")]
    [InlineData("""{"wgEventBusStreamNamesMap":{"a":1}}""", "EventBusStreamNamesMap['a'] must be a string")]
    [InlineData("""{"wgEventBusEnableRunJobAPI":1}""", "EventBusEnableRunJobAPI must be true or false")]
    [InlineData(
        """{"wgEventRelayerConfig":{"cdn-url-purges":{"class":"A\\CdnPurgeEventRelayer"}}}""",
        "purge_stream must be configured")]
    [InlineData("[]", "one JSON object")]
    [InlineData("""{"wgDBname":"\ud800"}""", "A setting has a lone surrogate")]
    [InlineData("""{"wgDB\ud800 and more characters than all names have":1}""", "A setting has a lone surrogate")]
    [InlineData("""{"wgEventServices":{"\ud800":{"url":"http://a/"}}}""", "A setting has a lone surrogate")]
    public void Setting_ThatIsNotAllowed_Throws(string settings, string fault) =>
        Should.Throw<ArgumentException>(() => Apply(settings)).Message.ShouldContain(fault);

    [Fact]
    public void EventServices_AreServicesBesideThoseOfTheExtension()
    {
        var services = Apply($"{{{Services}}}").Services;

        services.Keys.Order(StringComparer.Ordinal).ShouldBe(
            ["eventbus", "eventgate", "eventgate-main", "eventgate-slow", "eventgate-zero"]);
        services["eventgate"].Url.ShouldBe("http://localhost:8192/v1/events");
        services["eventbus"].Timeout.ShouldBe(TimeSpan.FromSeconds(5));
        services["eventbus"].ForwardsClientIp.ShouldBeFalse();
        services["eventgate-main"].Url.ShouldBe("http://main:8192/v1/events");
        services["eventgate-main"].Timeout.ShouldBe(TimeSpan.FromSeconds(0.5));
        services["eventgate-main"].ForwardsClientIp.ShouldBeTrue();
        services["eventgate-slow"].Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        services["eventgate-zero"].Timeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("""{}""", "eventbus")]
    [InlineData("""{"wgEventServiceDefault":"eventgate"}""", "eventgate")]
    public void EventServiceDefault_TakesEveryStream_WithoutEventStreams(string settings, string service) =>
        ServiceOf(Apply(settings), "mediawiki.page-create").ShouldBe(service);

    [Theory]
    [InlineData("""{"a":{}}""", "a", "eventbus", "eventbus")]
    [InlineData("""{"a":{}}""", "b", null, "eventbus")]
    [InlineData("""[]""", "a", null, "eventbus")]
    [InlineData("""{"a":{"producers":{"mediawiki_eventbus":{"enabled":false}}}}""", "a", null, "eventbus")]
    [InlineData("""{"a":{"producers":{"mediawiki_eventbus":{"enabled":null}}}}""", "a", "eventbus", "eventbus")]
    [InlineData("""{"a":{"producers":{"mediawiki_eventbus":{"enabled":true}}}}""", "a", "eventbus", "eventbus")]
    [InlineData(
        """{"a":{"producers":{"mediawiki_eventbus":{"event_service_name":"eventgate"}}}}""",
        "a", "eventgate", "eventbus")]
    [InlineData("""{"a":{"destination_event_service":"eventgate"}}""", "a", "eventgate", "eventgate")]
    [InlineData(
        """
        {"a":{"producers":{"mediawiki_eventbus":{"event_service_name":"eventbus"}},
              "destination_event_service":"eventgate"}}
        """,
        "a", "eventbus", "eventgate")]
    [InlineData(
        """{"/^mediawiki\\.job\\..+/":{"destination_event_service":"eventgate"}}""",
        "mediawiki.job.deletePage", "eventgate", "eventgate")]
    [InlineData(
        """{"/^mediawiki\\.job\\..+/":{"destination_event_service":"eventgate"},"mediawiki.job.x":{}}""",
        "mediawiki.job.x", "eventbus", "eventbus")]
    [InlineData("""{"/^a/":{},"/^A/i":{"destination_event_service":"eventgate"}}""", "Ab", "eventgate", "eventgate")]
    [InlineData("""[{"stream":"a","destination_event_service":"eventgate"}]""", "a", "eventgate", "eventgate")]
    public void EventStreams_ChooseTheService(string streams, string stream, string? current, string? rel139)
    {
        var options = Apply($$"""{"wgEventStreams":{{streams}}}""");

        ServiceOf(options, stream).ShouldBe(current);
        options.Generation = EventGeneration.Rel139;
        ServiceOf(options, stream).ShouldBe(rel139);
    }

    [Fact]
    public void EventStreamsDefaultSettings_ApplyToStreamsThatDoNotSayIt()
    {
        var options = Apply(
            """
            {"wgEventStreams": {
                "a": {},
                "b": {"producers": {"mediawiki_eventbus": {"enabled": true}}},
                "c": {"producers": {"mediawiki_eventbus": {"enabled": true, "event_service_name": "eventbus"}}}},
             "wgEventStreamsDefaultSettings": {
                "producers": {"mediawiki_eventbus": {"enabled": false, "event_service_name": "eventgate"}}}}
            """);

        ServiceOf(options, "a").ShouldBeNull();
        ServiceOf(options, "b").ShouldBe("eventgate");
        ServiceOf(options, "c").ShouldBe("eventbus");
    }

    [Fact]
    public void EventStreams_WithAnUnknownService_AreAFaultAtTheStart()
    {
        var options = Apply(
            """{"wgEnableEventBus":"TYPE_ALL","wgEventStreams":{"a":{"destination_event_service":"x"}}}""");
        options.Wiki = new WikiOptions { Database = "d", ServerName = "s", CanonicalServer = "https://s" };

        new ProducerOptionsValidator().Validate(null, options).Failures!.ShouldHaveSingleItem().ShouldBe(
            "Streams['a'].DestinationService is 'x'. It must be the name of a service in Services, which has " +
            "eventbus, eventgate.");
    }

    [Fact]
    public void OtherSettings_AreRead()
    {
        var options = Apply(
            """
            {"wgEventBusMaxBatchByteSize": 1000, "wgEventBusEnableRunJobAPI": false, "wgSecretKey": "secret",
             "wgEventBusStreamNamesMap": {"mediawiki.page_change.v1": "rc1.mediawiki.page_change"},
             "wgEventRelayerConfig": {"cdn-url-purges": {
                "class": "MediaWiki\\Extension\\EventBus\\Adapters\\EventRelayer\\CdnPurgeEventRelayer",
                "stream": "resource-purge"}},
             "wgDBname": "testwiki", "wgServerName": "wiki.example.org",
             "wgCanonicalServer": "https://wiki.example.org", "wgArticlePath": "/w/$1", "wgScriptPath": "/s",
             "wgContentNamespaces": [0, 4], "wgUseRCPatrol": false, "wgUseNPPatrol": false,
             "wgAllowExternalReqID": true, "wgSitename": "ignored"}
            """);

        options.BatchBytesMax.ShouldBe(1000);
        options.EnableRunJob.ShouldBeFalse();
        options.SecretKeys.ShouldBe(["secret"]);
        options.StreamNames["mediawiki.page_change.v1"].ShouldBe("rc1.mediawiki.page_change");
        options.PurgeStream.ShouldBe("resource-purge");
        options.AllowExternalRequestId.ShouldBeTrue();
        var wiki = options.Wiki.ToSite();
        wiki.Database.ShouldBe("testwiki");
        wiki.ServerName.ShouldBe("wiki.example.org");
        wiki.CanonicalServer.ShouldBe("https://wiki.example.org");
        wiki.ArticlePath.ShouldBe("/w/$1");
        wiki.ScriptPath.ShouldBe("/s");
        wiki.ContentNamespaces.ShouldBe([0, 4], ignoreOrder: true);
        wiki.PatrolsChanges.ShouldBeFalse();
        wiki.PatrolsNewPages.ShouldBeFalse();
    }

    [Fact]
    public void Settings_ThatAreAbsent_AreThoseOfTheExtension()
    {
        var options = Apply("""{"wgEventRelayerConfig":{"default":{"class":"EventRelayerNull"}}}""");

        options.BatchBytesMax.ShouldBe(4194304);
        options.EnableRunJob.ShouldBeTrue();
        options.Streams.ShouldBeNull();
        options.StreamNames.ShouldBeEmpty();
        options.PurgeStream.ShouldBeNull();
    }

    private static ProducerOptions Apply(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        var options = new ProducerOptions();
        options.FromMediaWikiSettings(json.RootElement);
        return options;
    }

    private static string? ServiceOf(ProducerOptions options, string stream) =>
        new StreamRoutes(options).ServiceOf(stream);
}
