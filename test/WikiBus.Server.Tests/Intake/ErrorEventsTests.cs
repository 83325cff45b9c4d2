using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Schemas;
using WikiBus.Server.Intake;

namespace WikiBus.Server.Tests.Intake;

public sealed class ErrorEventsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task FaultThatNobodyExpected_IsToldOnce_AndTheNextEventIsWorkedOn()
    {
        var options = new IntakeOptions { ErrorStream = "test.error" };
        var bytesInFlight = new BytesInFlight(options);
        var logger = new LineLogger<IntakeDiagnostics>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var diagnostics = new IntakeDiagnostics(
            logger, services.GetRequiredService<IMeterFactory>(), bytesInFlight);
        var clock = new BrokenClock(failures: 3);
        using var batch = new IntakeBatch();
        var queue = new ErrorEventQueue(options, diagnostics, bytesInFlight);
        using var errors = new ErrorEvents(
            queue, intake: null!, new IntakeBatchPool(bytesInFlight), plans: null!, options, diagnostics, clock);
        ReportInvalid(queue, batch, count: 3);
        bytesInFlight.Bytes.ShouldBeGreaterThan(0);

        await errors.StartAsync(CancellationToken.None).WaitAsync(s_limit);
        await clock.AllFailed.WaitAsync(s_limit);
        await errors.StopAsync(CancellationToken.None).WaitAsync(s_limit);

        logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Error: ");
        bytesInFlight.Bytes.ShouldBe(0);
        errors.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static void ReportInvalid(ErrorEventQueue queue, IntakeBatch batch, int count)
    {
        batch.Body.Append("""{"meta":{"stream":"test.event"}}"""u8);
        batch.Tape.TryParse(batch.Body.Memory, out _).ShouldBeTrue();
        for (var number = 0; number < count; number++)
        {
            batch.Events.Add(batch.Tape.Root);
            batch.Add(EventVerdict.Violate(default, [new SchemaError("type", "", "#", "{}", "should be string")]));
        }

        queue.Report(batch, EventOrigin.Own(DateTimeOffset.UnixEpoch, headerFieldCount: 0));
    }

    /// <summary>A clock that fails so many times: the last thing that anybody expects.</summary>
    private sealed class BrokenClock(int failures) : TimeProvider
    {
        private readonly TaskCompletionSource _allFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = failures;

        public Task AllFailed => _allFailed.Task;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _allFailed.SetResult();
            }

            throw new ArithmeticException("The clock is broken.");
        }
    }
}
