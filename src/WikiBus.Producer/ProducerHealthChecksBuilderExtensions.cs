using Microsoft.Extensions.Diagnostics.HealthChecks;
using WikiBus.Producer.Outbox.Operation;
using WikiBus.Producer.Sending;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the producer of WikiBus to the health of a wiki.</summary>
public static class ProducerHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that is degraded if a queue is over half full, or if the last request to a service failed.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">Another status than degraded.</param>
    /// <param name="tags">The tags of the check.</param>
    public static IHealthChecksBuilder AddWikiBusProducer(
        this IHealthChecksBuilder builder,
        string name = "wikibus_producer",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null) =>
        builder.AddCheck<ProducerHealthCheck>(name, failureStatus ?? HealthStatus.Degraded, tags ?? []);

    /// <summary>
    /// Adds a check that is degraded if a service does not take events of the outbox, if rows wait for more than a
    /// minute, if events are parked, or if the tables cannot be read.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">Another status than degraded.</param>
    /// <param name="tags">The tags of the check.</param>
    public static IHealthChecksBuilder AddWikiBusOutbox(
        this IHealthChecksBuilder builder,
        string name = "wikibus_outbox",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null) =>
        builder.AddCheck<OutboxHealthCheck>(name, failureStatus ?? HealthStatus.Degraded, tags ?? []);
}
