using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer;

/// <summary>
/// Puts the wiki's jobs into the job queue: sends their events, signed with the first of
/// <see cref="ProducerOptions.SecretKeys"/> (EventBus: <c>JobQueueEventBus</c>). The job queue lets the wiki run them
/// (<c>MapRunJob</c>). It belongs to one scope.
/// </summary>
public interface IJobQueue
{
    /// <summary>
    /// Sends jobs, one stream after the other, and waits until they are accepted. Of jobs with equal
    /// <see cref="WikiJob.Deduplication"/>, the last is sent, at the place of the first.
    /// </summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cancellationToken">Ends the wait. The service may have the jobs nevertheless.</param>
    /// <exception cref="JobQueueException">
    /// The jobs of a stream were not accepted, or jobs or this stream are not enabled. Jobs of streams before it are
    /// in the queue. Unlike EventBus, this is also thrown if there is no answer or no connection.
    /// </exception>
    /// <exception cref="ArgumentException">A job has parameters that PHP cannot encode; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">There is no secret key.</exception>
    Task PushAsync(IReadOnlyList<WikiJob> jobs, CancellationToken cancellationToken = default);

    /// <summary>Sends one job, and waits until it is accepted. It throws as the other method does.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Ends the wait. The service may have the job nevertheless.</param>
    Task PushAsync(WikiJob job, CancellationToken cancellationToken = default) => PushAsync([job], cancellationToken);
}
