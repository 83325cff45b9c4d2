namespace WikiBus.Producer;

/// <summary>Jobs were not accepted by the job queue (MediaWiki: <c>JobQueueError</c>).</summary>
public sealed class JobQueueException : Exception
{
    internal JobQueueException(string stream, SendResult result)
        : base("Could not enqueue jobs")
    {
        Stream = stream;
        Result = result;
    }

    /// <summary>The stream of the jobs, as <c>mediawiki.job.refreshLinks</c>.</summary>
    public string Stream { get; }

    /// <summary>
    /// What became of the stream's jobs. Without an answer (<see cref="PostResult.StatusCode"/> is null), the service
    /// may have them. Whoever pushes a job again makes a second one then.
    /// </summary>
    public SendResult Result { get; }
}
