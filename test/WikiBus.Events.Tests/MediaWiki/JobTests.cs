using System.Text.Json;
using WikiBus.Events.MediaWiki;
using static WikiBus.Events.Tests.MediaWiki.ChangeSamples;

namespace WikiBus.Events.Tests.MediaWiki;

public sealed class JobTests
{
    private static readonly byte[] s_key = "test-secret-key"u8.ToArray();

    [Fact]
    public void Job_HasTheMembersInOrder()
    {
        var job = Job with
        {
            ReleaseTime = Time.AddHours(1),
            Root = new RootJob("root", Time.AddDays(-1)),
            Deduplication = new JobDeduplication { SortsParameters = false },
        };
        var built = Builders.Job(Context, job);
        TextOf(built).ShouldBe(Line(
            """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"uri":"https://placeholder.invalid/wiki/Special:Badtitle",
            "request_id":"r1","id":"b14a2ee4-f5df-40f3-b995-ce6c954e29e3","domain":"wiki.example.org",
            "stream":"mediawiki.job.refreshLinks"},"database":"examplewiki","type":"refreshLinks",
            "delay_until":"2026-01-02T04:04:05Z","sha1":"4e7fef48b1786f46c98549e9c9648b24a968c28b",
            "root_event":{"signature":"root","dt":"2026-01-01T03:04:05Z"},
            "params":{"namespace":0,"title":"Foo","b":true,"n":null,"f":1.5,"l":["x"],
            "jobReleaseTimestamp":1767326645,"rootJobSignature":"root","rootJobTimestamp":"20260101030405"}}
            """));
        built.Stream.ShouldBe("mediawiki.job.refreshLinks");
        built.Kind.ShouldBe(EventKinds.Job);
        built.Id.ShouldBe(Context.Id);
    }

    [Fact]
    public void KnownVector_IsBuiltAndSigned()
    {
        var site = Site with { ServerName = "example.org" };
        var job = new WikiJob
        {
            Type = "null",
            Parameters = JsonElement.Parse("""{"namespace":0,"title":"Foo","requestId":"req-1"}"""),
        };
        var built = new MediaWikiEvents(site).Job(Context, job, s_key);
        Member(built, "meta.request_id").ShouldBe("\"req-1\"");
        Member(built, "mediawiki_signature").ShouldBe("\"dbe6299bddfa8d1a7adc1076e9bf93016ebe0ab9\"");
        JobSignature.Verify(built.Json, s_key).ShouldBeTrue();
    }

    [Fact]
    public void Parameters_KeepTheirPlaces_IfTheJobHasThemAsMembersToo()
    {
        var job = Job with
        {
            Parameters = JsonElement.Parse(
                """{"jobReleaseTimestamp":1,"rootJobTimestamp":"x","rootJobSignature":2,"a":{}}"""),
            ReleaseTime = Time,
            Root = new RootJob("root", Time),
        };
        Member(Builders.Job(Context, job), "params").ShouldBe(Line("""
            {"jobReleaseTimestamp":1767323045,"rootJobTimestamp":"20260102030405","rootJobSignature":"root","a":[]}
            """));
    }

    [Fact]
    public void Hash_IgnoresOrderRequestRootAndReleaseTime()
    {
        var one = Job with { Deduplication = new JobDeduplication() };
        var other = one with
        {
            Parameters = JsonElement.Parse(
                """{"l":["x"],"requestId":"r","f":1.5,"n":null,"b":true,"title":"Foo","namespace":0}"""),
            ReleaseTime = Time,
            Root = new RootJob("root", Time),
        };
        Hash(other).ShouldBe(Hash(one));
        Hash(other with { Type = "other" }).ShouldNotBe(Hash(one));
        Hash(other with { Deduplication = new JobDeduplication { SortsParameters = false } }).ShouldNotBe(Hash(one));
    }

    [Fact]
    public void Hash_IgnoresParameters_ThatDoNotCount()
    {
        var ignoring = new JobDeduplication { IgnoredParameters = ["f", "missing"] };
        var other = JsonElement.Parse("""{"namespace":0,"title":"Foo","b":true,"n":null,"f":2,"l":["x"]}""");
        Hash(Job with { Deduplication = ignoring })
            .ShouldBe(Hash(Job with { Deduplication = ignoring, Parameters = other }));
    }

    [Fact]
    public void JobWithoutDeduplication_HasNoHash() => Member(Builders.Job(Context, Job), "sha1").ShouldBeNull();

    [Fact]
    public void JobOfRel139_HasItsTime() =>
        Member(new MediaWikiEvents(Site, EventGeneration.Rel139).Job(Context, Job), "meta.dt")
            .ShouldBe("\"2026-01-02T03:04:05Z\"");

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData(null)]
    public void Type_ThatGivesNoStreamName_IsRefused(string? type) =>
        Should.Throw<ArgumentException>(() => Job with { Type = type! }).ParamName.ShouldBe("type");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1e999}""")]
    public void Parameters_ThatPhpCannotEncode_AreRefused(string parameters) =>
        Should.Throw<ArgumentException>(() => Job with { Parameters = JsonElement.Parse(parameters) })
            .ParamName.ShouldBe("parameters");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"0":"a","1":"b"}""")]
    [InlineData("""{"jobReleaseTimestamp":1}""")]
    [InlineData("""{"rootJobSignature":"a","rootJobTimestamp":"20260101030405"}""")]
    public void Parameters_ThatNoEventCanHave_AreRefused(string parameters)
    {
        var job = Job with { Parameters = JsonElement.Parse(parameters) };
        Should.Throw<ArgumentException>(() => Builders.Job(Context, job)).ParamName.ShouldBe("job");
    }

    [Fact]
    public void Parameters_NestedTooDeeplyForPhp_AreRefused()
    {
        var deep = $$"""{"a":{{new string('[', 600)}}{{new string(']', 600)}}}""";
        var parameters = JsonElement.Parse(deep, new JsonDocumentOptions { MaxDepth = 700 });
        Should.Throw<ArgumentException>(() => Builders.Job(Context, Job with { Parameters = parameters }, s_key))
            .ParamName.ShouldBe("job");
    }

    [Fact]
    public void RootJob_NeedsASignature() => Should.Throw<ArgumentException>(() => new RootJob("", Time));

    [Fact]
    public void IgnoredParameters_HaveNames() =>
        Should.Throw<ArgumentException>(() => new JobDeduplication { IgnoredParameters = [""] });

    private static string Hash(WikiJob job) => Member(Builders.Job(Context, job), "sha1")!;
}
