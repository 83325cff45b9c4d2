using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WikiBus.Producer.Sending;

/// <summary>Degraded if a queue is over half full, or if the last request to a service failed.</summary>
internal sealed class ProducerHealthCheck(PostQueue queue, PostClient client) : IHealthCheck
{
    private const double FullnessMax = 0.5;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var fullness = queue.Fullness;
        var faults = client.LastResults
            .Where(result => result.Error is not null)
            .Select(result => $"{result.Service}: {result.Error}")
            .Order(StringComparer.Ordinal)
            .ToList();
        if (fullness > FullnessMax)
        {
            faults.Insert(0, "The queue of a service is over half full.");
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["queue_fullness"] = fullness };
        return Task.FromResult(faults.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', faults), data: data));
    }
}
