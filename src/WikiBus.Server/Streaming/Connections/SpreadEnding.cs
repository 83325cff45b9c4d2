using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Ends all connections one after the other when the server stops, each with another delay. So the clients do not all
/// come back at the same moment.
/// </summary>
internal sealed class SpreadEnding(StreamingOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_perConnection = TimeSpan.FromMilliseconds(2);

    public async Task EndAsync(StreamConnection[] connections)
    {
        var most = s_perConnection * connections.Length;
        var spread = most < options.ShutdownSpread ? most : options.ShutdownSpread;
        var steps = Math.Max(1, (int)(spread / s_step));
        var batch = (connections.Length + steps - 1) / steps;
        for (var index = 0; index < connections.Length; index++)
        {
            if (index > 0 && index % batch == 0)
            {
                await Task.Delay(s_step, time, CancellationToken.None).ConfigureAwait(false);
            }

            connections[index].End(RetryDelay(index));
        }
    }

    // Between half and one and a half times the configured delay, evenly spread over the connections.
    private TimeSpan RetryDelay(int index)
    {
        const double GoldenRatio = 0.6180339887;
        return options.RetryDelay * (0.5 + (index * GoldenRatio % 1));
    }
}
