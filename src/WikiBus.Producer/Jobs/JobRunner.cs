using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Producer.Publishing;

namespace WikiBus.Producer.Jobs;

/// <summary>Runs a job, and says how it ended (MediaWiki: <c>JobRunner::executeJob</c>).</summary>
internal sealed class JobRunner(TimeProvider time, ILogger<JobRunner> logger)
{
    /// <summary>Runs a job with the services of its request.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task<RunJobAnswer> RunAsync(
        IServiceProvider services, ReceivedJob job, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (job.RequestId is { Length: > 0 } id)
        {
            services.GetRequiredService<RequestId>().Value = id;
        }

        var allowsRetries = true;
        JobResult result;
        string[] caught = [];
        try
        {
            var handler = services.GetKeyedService<IJobHandler>(job.Type);
            if (handler is null)
            {
                JobDiagnostics.UnknownType(logger, job.Type);
                return Invalid($"Invalid job command '{job.Type}'");
            }

            allowsRetries = handler.AllowsRetries;
            result = await handler.RunAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            JobDiagnostics.Threw(logger, job.Type, exception);
            var name = exception.GetType().Name;
            caught = [name];
            result = JobResult.Failed($"{name}: {exception.Message}");
        }

        if (result.IsInvalid)
        {
            return Invalid(result.Error);
        }

        if (!result.IsSuccess && allowsRetries)
        {
            JobDiagnostics.Failed(logger, job.Type);
            return RunJobAnswer.Error(
                StatusCodes.Status500InternalServerError, "Internal Server Error", ("error", result.Error));
        }

        return Done(result, caught, time.GetElapsedTime(start));
    }

    private static RunJobAnswer Done(JobResult result, string[] caught, TimeSpan duration) =>
        new(StatusCodes.Status200OK, new JsonObject
        {
            ["status"] = true,
            ["error"] = result.Error,
            ["caught"] = new JsonArray([.. caught.Select(name => JsonValue.Create(name))]),
            ["timeMs"] = (long)duration.TotalMilliseconds,
        });

    private static RunJobAnswer Invalid(string? error) =>
        RunJobAnswer.Error(StatusCodes.Status400BadRequest, JobReader.NoSuchJob, ("error", error));
}
