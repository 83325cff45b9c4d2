using System.Globalization;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Answers;

/// <summary>Sends answers in the forms that EventGate's clients know. Safe for concurrent use.</summary>
internal sealed class AnswerSender(IntakeOptions options)
{
    private readonly string _retryAfter =
        Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public async Task SendAsync(HttpContext context, IntakeAnswer answer)
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

        if (answer.Duplicates > 0)
        {
            response.Headers[OwnHeaders.Duplicates] = answer.Duplicates.ToString(CultureInfo.InvariantCulture);
        }

        if (answer is { Fault: null, Verdicts: null })
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
        else if (answer.Verdicts is { } verdicts)
        {
            AnswerWriter.WriteVerdicts(verdicts, response.BodyWriter);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// Answers a request that failed unexpectedly. Ends the connection when another answer has begun.
    /// </summary>
    public async Task SendFailureAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        await SendAsync(context, IntakeAnswer.Failed);
    }
}
