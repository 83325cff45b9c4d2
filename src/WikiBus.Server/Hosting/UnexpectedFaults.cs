using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// The request boundary: an exception that no feature expected becomes an Error in the logging, and a plain answer. A
/// request that its client aborted, or that is not valid HTTP, is the client's fault and not an Error.
/// </summary>
internal sealed class UnexpectedFaults(RequestDelegate next, ILogger<UnexpectedFaults> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            // The web server answers all requests that one connection has sent ahead in a row. This lets requests of
            // other connections come between them.
            await Task.Yield();
            await next(context);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, exception.StatusCode, "bad_request", "Bad request", exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client no longer waits for an answer.
        }
        catch (Exception exception)
        {
            HostingDiagnostics.RequestFailed(
                logger, context.Request.Method, Echo.OnOneLine(SecretFreeTarget.Of(context.Request)), exception);
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
