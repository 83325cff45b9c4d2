using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// The request boundary: what no feature expected becomes an Error in the logging and a plain answer. A request that
/// its client gave up, or that is no HTTP, is the client's fault and no Error.
/// </summary>
internal sealed class UnexpectedFaults(RequestDelegate next, ILogger<UnexpectedFaults> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, exception.StatusCode, "bad_request", "Bad request", exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception exception)
        {
            HostingDiagnostics.RequestFailed(
                logger, context.Request.Method, SecretFreeTarget.Of(context.Request), exception);
            await AnswerAsync(
                context, StatusCodes.Status500InternalServerError, "internal_error", "Internal error",
                "The request failed unexpectedly; the server's logging says why.");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string type, string title, string detail)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return Problem.WriteAsync(context, status, type, title, detail);
    }
}
