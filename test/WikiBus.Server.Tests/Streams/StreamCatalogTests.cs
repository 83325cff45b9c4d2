using System.Text;
using System.Text.Json;
using WikiBus.Server.Streams;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streams;

public sealed class StreamCatalogTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private EventLog? _log;

    public ValueTask InitializeAsync()
    {
        _log = EventLog.Open(
            _directory.Combine("log"), new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _log!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public void BuiltInStreams_AreKnown_BeforeTheirFirstRecord()
    {
        var catalog = Catalog(BuiltInStreamConfig.Create());
        catalog.RestrictsStreams.ShouldBeFalse();
        catalog.IsKnown("mediawiki.recentchange").ShouldBeTrue();
        catalog.IsKnown("mediawiki.job.refreshLinks").ShouldBeTrue();
        catalog.IsKnown("mediawiki.job.").ShouldBeFalse();
        catalog.IsKnown("own.news").ShouldBeFalse();
        catalog.Resolve("page-create").ShouldBe("mediawiki.page-create");
        catalog.Resolve("own.news").ShouldBe("own.news");
        catalog.Find("mediawiki.job.refreshLinks")!.SchemaTitle.ShouldBe("mediawiki/job");
    }

    [Fact]
    public async Task Stream_WithRecords_IsKnown()
    {
        var catalog = Catalog(BuiltInStreamConfig.Create());
        await AppendAsync("own.news");
        catalog.IsKnown("own.news").ShouldBeTrue();
        catalog.Names.ShouldContain("own.news");
        catalog.Find("own.news").ShouldBeNull();
    }

    [Fact]
    public async Task Streams_AreLimitedInNumber()
    {
        var catalog = Catalog(BuiltInStreamConfig.Create(), new StreamsOptions { CountMax = 1 });
        catalog.HasRoomFor("a", Added()).ShouldBeTrue();
        catalog.HasRoomFor("a", Added("a")).ShouldBeTrue();
        catalog.HasRoomFor("b", Added("a")).ShouldBeFalse();
        catalog.HasRecords("a").ShouldBeFalse();
        await AppendAsync("a");
        catalog.HasRecords("a").ShouldBeTrue();
        catalog.HasRoomFor("b", Added()).ShouldBeFalse();

        static HashSet<string> Added(params string[] names) => new(names, StringComparer.Ordinal);
    }

    [Fact]
    public void Configuration_IsReplaced_WhileItIsUsed()
    {
        var catalog = Catalog(Config("""{"a":{"schema_title":"t"}}"""), new StreamsOptions { Source = "given" });
        catalog.RestrictsStreams.ShouldBeTrue();
        catalog.IsKnown("mediawiki.recentchange").ShouldBeFalse();
        catalog.IsKnown("a").ShouldBeTrue();

        catalog.Replace(Config("""{"b":{}}"""));
        catalog.IsKnown("a").ShouldBeFalse();
        catalog.IsKnown("b").ShouldBeTrue();
    }

    [Fact]
    public void ConfigJson_HasTheNamedStreams()
    {
        var catalog = Catalog(Config("""{"a":{"schema_title":"t/é"},"b":{}}"""));
        Text(catalog.ConfigJson(null)).ShouldBe("""{"a":{"schema_title":"t/é"},"b":{}}""");
        Text(catalog.ConfigJson(["b", "none", "b"])).ShouldBe("""{"b":{}}""");
        Text(catalog.ConfigJson([])).ShouldBe("{}");
    }

    [Fact]
    public void ConfigJson_OfTheBuiltInStreams_CanBeReadAgain()
    {
        var json = Catalog(BuiltInStreamConfig.Create()).ConfigJson(null);
        var config = StreamConfigReader.Read(json.Span, 100);
        config.Names.ShouldContain("mediawiki.recentchange");
        config.Find("mediawiki.job.x")!.SchemaTitle.ShouldBe("mediawiki/job");
        using var document = JsonDocument.Parse(json);
        document.RootElement.GetProperty("mediawiki.page-move").GetProperty("topics")[0].GetString()
            .ShouldBe("mediawiki.page-move");
    }

    private StreamCatalog Catalog(StreamConfig config, StreamsOptions? options = null) =>
        new(config, options ?? new StreamsOptions(), _log!);

    private static StreamConfig Config(string json) => StreamConfigReader.Read(Encoding.UTF8.GetBytes(json), 100);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private async Task AppendAsync(string stream)
    {
        var request = _log!.Append([new RecordDraft { Stream = stream, Payload = "{}"u8.ToArray() }]);
        (await request.Completion.WaitAsync(s_limit)).Status.ShouldBe(AppendStatus.Stored);
    }
}
