using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Schemas;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Tests.Intake.Entry;

public sealed class ErrorEventsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task UnexpectedFault_IsLoggedOnce_AndTheNextEventIsTaken()
    {
        var options = new IntakeOptions { ErrorStream = "test.error" };
        var bytesInFlight = new BytesInFlight(options);
        var logger = new LineLogger<IntakeDiagnostics>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var diagnostics = new IntakeDiagnostics(
            logger, services.GetRequiredService<IMeterFactory>(), bytesInFlight);
        var clock = new BrokenClock(failures: 3);
        using var body = new RequestBody(bytesInFlight);
        var queue = new ErrorEventQueue(options, diagnostics, bytesInFlight);
        var batches = new IntakeBatchPool(bytesInFlight, streamCheck: null!, log: null!);
        using var errors = new ErrorEvents(
            queue, intake: null!, batches, plans: null!, options, diagnostics, clock);
        ReportInvalid(queue, body, count: 3);
        bytesInFlight.Bytes.ShouldBeGreaterThan(0);

        await errors.StartAsync(CancellationToken.None).WaitAsync(s_limit);
        await clock.AllFailed.WaitAsync(s_limit);
        await errors.StopAsync(CancellationToken.None).WaitAsync(s_limit);

        logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Error: ");
        bytesInFlight.Bytes.ShouldBe(0);
        errors.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static void ReportInvalid(ErrorEventQueue queue, RequestBody body, int count)
    {
        var events = string.Join(',', Enumerable.Repeat("""{"meta":{"stream":"test.event"}}""", count));
        body.Text.Append(Encoding.UTF8.GetBytes($"[{events}]"));
        body.ReadEvents().ShouldBeNull();
        var verdicts = new EventVerdicts();
        foreach (var _ in body.Events)
        {
            verdicts.Add(EventVerdict.Violate(default, [new SchemaError("type", "", "#", "{}", "should be string")]));
        }

        queue.Report(body.Events, verdicts, DateTimeOffset.UnixEpoch);
    }

    /// <summary>A clock that fails, which nobody expects.</summary>
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
