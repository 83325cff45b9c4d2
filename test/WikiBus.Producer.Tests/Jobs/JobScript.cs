namespace WikiBus.Producer.Tests.Jobs;

/// <summary>What the handlers of a test do.</summary>
internal sealed class JobScript
{
    /// <summary>What a job does.</summary>
    public Func<ReceivedJob, CancellationToken, Task<JobResult>> Run { get; set; } =
        static (_, _) => Task.FromResult(JobResult.Succeeded);

    /// <summary>The last job that was run.</summary>
    public ReceivedJob? Last { get; set; }

    /// <summary>Does what it is told; may be run again.</summary>
    public sealed class Handler(JobScript script) : IJobHandler
    {
        public Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken)
        {
            script.Last = job;
            return script.Run(job, cancellationToken);
        }
    }

    /// <summary>Does what it is told; must not be run again.</summary>
    public sealed class OneTryHandler(JobScript script) : IJobHandler
    {
        public bool AllowsRetries => false;

        public Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken) =>
            script.Run(job, cancellationToken);
    }
}
