using System.Globalization;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>Sends answers in the forms that EventGate's clients know.</summary>
internal sealed class AnswerSender(IntakeOptions options)
{
    private readonly string _retryAfter =
        Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public async Task SendAsync(HttpContext context, IntakeAnswer answer, IntakeBatch batch)
    {
        var response = context.Response;
        CommonHeaders.Set(response);
        ReasonPhrase.Set(response, answer.Status, answer.Reason);
        switch (answer.Status)
        {
            case StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = _retryAfter;
                break;
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
        }

        if (answer is { Fault: null, ListsEvents: false })
        {
            response.ContentLength = 0;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (answer.Fault is { } fault)
        {
            AnswerWriter.WriteFault(fault, response.BodyWriter);
        }
        else
        {
            AnswerWriter.WriteVerdicts(batch, response.BodyWriter);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// The answer to a request that failed unexpectedly; ends the connection when another answer has begun.
    /// </summary>
    public async Task SendFailureAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        using var nothing = new IntakeBatch();
        await SendAsync(context, IntakeAnswer.Failed, nothing);
    }
}
