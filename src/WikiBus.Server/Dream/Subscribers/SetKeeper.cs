using WikiBus.Server.Dream.Settings;
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Subscribers;

/// <summary>At a start, makes the engine agree with the sets, after a crash in the middle of a change.</summary>
internal sealed class SetKeeper(SetStore sets, ILogger<SetKeeper> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var location in await sets.AgreeAsync())
            {
                DreamDiagnostics.Agreed(logger, location);
            }
        }
        catch (StateException exception)
        {
            // Intake and streaming go on without the database.
            DreamDiagnostics.NotAgreed(logger, exception.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
