namespace WikiBus.Producer;

/// <summary>
/// Runs the jobs of one type. Register it with <c>services.AddJobHandler&lt;T&gt;("type")</c>. Each job has its own
/// handler, made in the scope of its request.
/// </summary>
public interface IJobHandler
{
    /// <summary>
    /// Whether a failed job may be run again (<c>Job::allowRetries</c>). If not, its failure is answered with 200, so
    /// that the caller does not send it again.
    /// </summary>
    bool AllowsRetries => true;

    /// <summary>Runs a job. An exception is a failure, too.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Cancelled when the caller has gone; it may send the job again.</param>
    Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken);
}
