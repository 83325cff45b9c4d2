using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Server.Streaming.Listing;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streaming.Listing;

public sealed class StreamRatesTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task UnexpectedFault_IsLogged_AndTheLoopContinues()
    {
        using var directory = new TemporaryDirectory();
        await using var log = EventLog.Open(
            directory.Combine("log"), new EventLogOptions(), new PhysicalFileSystem(), TimeProvider.System);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var logger = new LineLogger<StreamingDiagnostics>();
        using var diagnostics = new StreamingDiagnostics(
            logger, services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        using var rates = new StreamRates(log, new BrokenClock(), diagnostics);

        await rates.StartAsync(CancellationToken.None).WaitAsync(s_limit);
        await logger.WaitForLineAsync().WaitAsync(s_limit);
        rates.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await rates.StopAsync(CancellationToken.None).WaitAsync(s_limit);

        rates.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        logger.Lines.ShouldHaveSingleItem().ShouldStartWith("Error: ");
    }

    /// <summary>A fault that nobody expects.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new ArithmeticException("The clock is broken.");
    }
}
