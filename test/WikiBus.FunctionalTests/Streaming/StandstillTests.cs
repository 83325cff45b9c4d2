using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>A reader that does not move although records lie ahead of it, as a defect of ours could cause.</summary>
public sealed class StandstillTests
{
    [Fact]
    public async Task AConnectionThatStandsStill_EndsWithAnError_AnErrorInTheLogging_AndACount()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var readers = new StoppedReaders();
        await using var server = await RunningServer.StartAsync(
            services => services
                .AddSingleton<TimeProvider>(time)
                .AddSingleton<OpenLogReader>((position, filter) => readers.Open(position)));
        server.Errors.Expect("stands still");
        await TestEvents.AppendAsync(server, "a.event", 0);
        await using var stream = await RawStream.OpenAsync(server.Address, "/v2/stream/a.event?since=0");

        var ending = stream.ReadEventAsync();
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (!ending.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var last = await ending;
        last.Event.ShouldBe("error");
        last.Json.GetProperty("name").GetString().ShouldBe("StandstillError");
        last.Place.GetProperty("position").GetInt64().ShouldBe(0);
        (await stream.ReadToEndAsync()).ShouldBeEmpty();
        readers.ReadCount.ShouldBeInRange(2, 101, "it tried again every 100 ms at most, for 10 s");
        var metrics = await server.Client.GetStringAsync("/metrics", limit.Token);
        metrics.ShouldContain("wikibus_streaming_standstills_total 1");
    }

    private sealed class StoppedReaders
    {
        private int _readCount;

        public int ReadCount => Volatile.Read(ref _readCount);

        public LogReader Open(long position) => new StoppedReader(this) { Position = position };

        private sealed class StoppedReader(StoppedReaders owner) : LogReader
        {
            public override long Position { get; set; }

            public override bool Read(RecordBatch batch, int bytesMax = 256 * 1024)
            {
                Interlocked.Increment(ref owner._readCount);
                return true;
            }

            public override void Dispose()
            {
                // It holds nothing.
            }
        }
    }
}
