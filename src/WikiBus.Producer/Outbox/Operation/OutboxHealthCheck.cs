using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Outbox.Relay;

namespace WikiBus.Producer.Outbox.Operation;

/// <summary>
/// Not healthy if rows wait for long, a service does not take events, events are parked, or the database fails. It
/// reads the tables, so every process sees the same.
/// </summary>
internal sealed class OutboxHealthCheck(OutboxLevels levels, RelayState state) : IHealthCheck
{
    private static readonly TimeSpan s_ageMax = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<QueueLevel> found;
        try
        {
            found = await levels.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, "The tables of the outbox cannot be read.", exception);
        }

        var faults = state.Faults.OrderBy(fault => fault.Queue.Service, StringComparer.Ordinal)
            .Select(fault => $"{fault.Queue.Service}: {fault.Text}")
            .Concat(found.Where(level => level.OldestAge > s_ageMax).Select(level => string.Create(
                CultureInfo.InvariantCulture,
                $"{level.Rows} rows wait for {level.Queue.Service}, "
                    + $"the oldest for {level.OldestAge.TotalSeconds:0} s")))
            .Concat(found.Where(level => level.Parked + level.Retrying > 0).Select(level => string.Create(
                CultureInfo.InvariantCulture,
                $"{level.Queue.Service} refused {level.Parked + level.Retrying} events")))
            .ToList();
        if (state.DatabaseFault is { } text)
        {
            faults.Insert(0, $"The relay cannot work with the database: {text}");
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["rows"] = found.Sum(level => level.Rows),
            ["oldest_seconds"] = found.Select(level => level.OldestAge.TotalSeconds).DefaultIfEmpty().Max(),
            ["parked"] = found.Sum(level => level.Parked),
            ["retrying"] = found.Sum(level => level.Retrying),
            ["is_leading"] = state.IsLeading,
        };
        return faults.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", faults), data: data);
    }
}
