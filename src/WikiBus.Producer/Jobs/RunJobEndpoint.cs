using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Jobs;

/// <summary>
/// The endpoint with which a job queue lets the wiki run a job (EventBus: <c>RunSingleJobHandler</c>). The order of the
/// checks is that of MediaWiki 1.39, or that of newer versions, by <see cref="ProducerOptions.Generation"/>.
/// </summary>
internal sealed class RunJobEndpoint(
    IOptions<ProducerOptions> options, JobRunner runner, ILogger<RunJobEndpoint> logger) : IDisposable
{
    public const string Path = "/eventbus/v0/internal/job/execute";

    private const int RetryAfterSeconds = 1;

    private readonly ProducerOptions _options = options.Value;
    private readonly SemaphoreSlim _slots = new(options.Value.RunJob.ConcurrencyMax);

    public async Task HandleAsync(HttpContext context)
    {
        var answer = HttpMethods.IsPost(context.Request.Method)
            ? await AnswerInTurnAsync(context).ConfigureAwait(false)
            : RefuseMethod(context);
        await answer.WriteAsync(context.Response, context.RequestAborted).ConfigureAwait(false);
    }

    public void Dispose() => _slots.Dispose();

    private static RunJobAnswer RefuseMethod(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return RunJobAnswer.CoreError(
            StatusCodes.Status405MethodNotAllowed,
            $"The request method ({context.Request.Method}) was not the allowed method for this path (POST)");
    }

    // A body in memory needs a slot, too.
    private async Task<RunJobAnswer> AnswerInTurnAsync(HttpContext context)
    {
        if (!_slots.Wait(0, CancellationToken.None))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return RunJobAnswer.Error(StatusCodes.Status503ServiceUnavailable, "Too many jobs are running.");
        }

        try
        {
            return await AnswerAsync(context).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<RunJobAnswer> AnswerAsync(HttpContext context)
    {
        var isOf139 = _options.Generation == EventGeneration.Rel139;
        var refusal = isOf139
            ? CheckWiki(context) ?? RunJobRequest.CheckTypeOf139(context.Request)
            : RunJobRequest.CheckForm(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        var bytesMax = _options.RunJob.JobBytesMax;
        var body = await RunJobRequest.ReadAsync(context, bytesMax).ConfigureAwait(false);
        if (body is null)
        {
            return RunJobAnswer.Error(
                StatusCodes.Status413PayloadTooLarge, $"A job event has at most {bytesMax} bytes.");
        }

        var jobEvent = RunJobRequest.Parse(body);
        refusal = isOf139 ? null : RunJobRequest.CheckJson(jobEvent) ?? CheckWiki(context);
        return refusal ?? await RunAsync(context, body, jobEvent).ConfigureAwait(false);
    }

    private RunJobAnswer? CheckWiki(HttpContext context)
    {
        if (!_options.EnableRunJob)
        {
            return RunJobAnswer.Error(
                StatusCodes.Status501NotImplemented,
                "Set $wgEventBusEnableRunJobAPI to true to enable the internal EventBus API");
        }

        return _options.RunJob.IsReadOnly?.Invoke(context.RequestServices) == true
            ? RunJobAnswer.Error(StatusCodes.Status423Locked, "Wiki is in read-only mode.")
            : null;
    }

    private async Task<RunJobAnswer> RunAsync(HttpContext context, byte[] body, JsonElement jobEvent)
    {
        var refusal = JobReader.Read(body, jobEvent, _options.SecretKeys, out var job);
        if (refusal is not null)
        {
            JobDiagnostics.Refused(logger, refusal.Status);
            return refusal;
        }

        return await runner.RunAsync(context.RequestServices, job!, context.RequestAborted).ConfigureAwait(false);
    }
}
