using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Intake;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>Events that take long to judge, in a thread that others wait for.</summary>
public sealed class SlowEventsTests
{
    private const int EventCount = 5;

    [Fact]
    public async Task AfterOneThatTookLong_TheOthersAreJudgedInThePool()
    {
        var time = new LeapingTime();
        await using var server = await RunningServer.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        (await IntakePost.SendAsync(server, IntakePost.Event)).Status.ShouldBe(201);
        var pipeline = server.Services.GetRequiredService<EventPipeline>();
        using var batch = new IntakeBatch();
        var events = string.Join(',', Enumerable.Repeat(IntakePost.Event, EventCount));
        batch.Body.Append(Encoding.UTF8.GetBytes($"[{events}]"));
        batch.Tape.TryParse(batch.Body.Memory, out _).ShouldBeTrue();
        RequestForm.List(batch.Tape.Root, batch.Events);

        var preparing = Task.CompletedTask;
        var thread = new Thread(() =>
        {
            time.Leaping = Thread.CurrentThread;
            var origin = EventOrigin.Own(DateTimeOffset.UnixEpoch, headerFieldCount: 2);
            preparing = pipeline.PrepareAsync(batch, origin, TestTime.Token()).AsTask();
        });
        thread.Start();
        thread.Join(TestTime.Limit).ShouldBeTrue();
        await preparing.WaitAsync(TestTime.Limit);

        // Before the first event and behind it.
        time.LookCount.ShouldBe(2);
        batch.Drafts.Count.ShouldBe(EventCount);
    }

    /// <summary>To one thread each look at the clock is a second after the last.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        public Thread? Leaping { get; set; }

        public int LookCount { get; private set; }

        public override long GetTimestamp()
        {
            if (Thread.CurrentThread == Leaping)
            {
                LookCount++;
            }

            return base.GetTimestamp() + (LookCount * TimestampFrequency);
        }
    }
}
