using WikiBus.Server.Access.Rights;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Starting;
using WikiBus.Server.Streams;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streaming.Starting;

public sealed class StartResolverTests : IAsyncLifetime
{
    private const int RecordCount = 20;
    private static readonly string[] s_streams = ["a", "b", "c"];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly CountingDisk _disk = new();
    private EventLog? _log;

    /// <summary>A log of many segments.</summary>
    public async ValueTask InitializeAsync()
    {
        _log = EventLog.Open(
            _directory.Combine("log"),
            new EventLogOptions { SegmentBytesMax = 64 * 1024 },
            _disk,
            TimeProvider.System);
        for (var count = 0; count < RecordCount; count++)
        {
            var request = _log.Append([new RecordDraft { Stream = "a", Payload = new byte[30_000] }]);
            (await request.Completion.WaitAsync(s_limit)).Status.ShouldBe(AppendStatus.Stored);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _log!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task RepeatedEntriesOfAStream_CostOneSearch()
    {
        var one = await OpensOfAsync(Entry(RecordCount / 2));
        var entries = Enumerable.Range(0, 320).Select(static number => Entry((RecordCount / 2) + (number % 5)));
        var many = await OpensOfAsync([.. entries]);

        one.ShouldBeGreaterThan(0);
        many.ShouldBe(one);
    }

    [Theory]
    [InlineData(7, new long[] { 9, 7, 12 })]
    [InlineData(7, new long[] { -1, 7, 100 })]
    [InlineData(0, new long[] { 5, -2, 3 })]
    [InlineData(6, new long[] { 8, 6 - RecordCount - 2000 })]
    [InlineData(RecordCount, new long[] { -1, 100 })]
    public async Task RepeatedEntriesOfAStream_BeginAtTheFirstOfTheirPlaces(long expected, long[] offsets) =>
        (await ResolveAsync(["a"], [.. offsets.Select(Entry)])).Anchor.Offset.ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task SearchesForSeveralStreams_AreStepsOfTheirOwn(string? otherLog)
    {
        var entries = s_streams.Select(stream => new ResumeEntry(stream, 0, null, 1, otherLog, null));
        var stepCount = 0;

        await ResolveAsync(s_streams, [.. entries], () => stepCount++);

        stepCount.ShouldBeGreaterThan(s_streams.Length);
    }

    private static ResumeEntry Entry(long offset) => new("a", 0, offset, null, null, null);

    private async Task<int> OpensOfAsync(params ResumeEntry[] entries)
    {
        await ResolveAsync(["a"], entries);
        var before = _disk.OpenCount;
        await ResolveAsync(["a"], entries);
        return _disk.OpenCount - before;
    }

    private async Task<StreamStart> ResolveAsync(string[] streams, ResumeEntry[] entries, Action? onStep = null)
    {
        var catalog = new StreamCatalog(BuiltInStreamConfig.Create(), new StreamsOptions(), _log!);
        var request = new StreamRequest
        {
            Streams = streams,
            Format = StreamFormat.ServerSentEvents,
            View = StreamView.Whole,
            Caller = new Caller("k", Role.Read, Grant.All, new PublicRules([], [])),
            Resume = entries,
        };
        var resolver = new StartResolver(_log!, catalog, TimeProvider.System);
        resolver.FindFault(request).ShouldBeNull();
        return await resolver.ResolveAsync(request, BeginStep).AsTask().WaitAsync(s_limit);

        ValueTask BeginStep()
        {
            onStep?.Invoke();
            return ValueTask.CompletedTask;
        }
    }
}
