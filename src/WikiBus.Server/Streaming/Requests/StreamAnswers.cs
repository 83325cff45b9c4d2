using System.Buffers;
using System.Text.Json;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>The answers to requests for streams that are not streams.</summary>
internal static class StreamAnswers
{
    private const string Methods = "GET,HEAD";

    /// <summary>The answer to <c>OPTIONS</c>, as Express gives it.</summary>
    public static Task WriteMethodsAsync(HttpContext context)
    {
        context.Response.Headers.Allow = Methods;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = Methods.Length;
        return context.Response.WriteAsync(Methods, context.RequestAborted);
    }

    /// <summary>Refuses a key that is wrong, or was not judged. False if it is neither.</summary>
    public static async Task<bool> TryRefuseKeyAsync(
        HttpContext context, Caller caller, StreamingDiagnostics diagnostics)
    {
        if (caller.IsUnjudged)
        {
            diagnostics.CountRefusal(StatusCodes.Status503ServiceUnavailable);
            await KeyRefusal.NotJudgedAsync(context);
        }
        else if (caller.IsInvalid)
        {
            await RefuseAsync(context, StreamRefusal.InvalidKey, diagnostics);
        }

        return caller.IsUnjudged || caller.IsInvalid;
    }

    /// <summary>Answers with a problem.</summary>
    public static Task RefuseAsync(HttpContext context, StreamRefusal refusal, StreamingDiagnostics diagnostics)
    {
        diagnostics.CountRefusal(refusal.Status);
        return Problem.WriteAsync(context, refusal.Status, refusal.Type, refusal.Title, refusal.Detail);
    }

    /// <summary>Answers with KafkaSSE's error body and reason phrase, and with a content type.</summary>
    public static async Task RefuseAsync(
        HttpContext context, AssignmentFault fault, StreamingDiagnostics diagnostics)
    {
        diagnostics.CountRefusal(fault.Status);
        var body = new ArrayBufferWriter<byte>(256);
        await using (var writer = new Utf8JsonWriter(body, JsonOutput.Relaxed))
        {
            WriteFault(writer, fault);
        }

        body.Write("\n"u8);
        ReasonPhrase.Set(context.Response, fault.Status, $"{fault.Name}: {fault.Message}");
        await WholeAnswer.WriteAsync(context, Problem.ContentType, body.WrittenMemory);
    }

    private static void WriteFault(Utf8JsonWriter writer, AssignmentFault fault)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, fault.Message);
        writer.WriteString("origin"u8, "KafkaSSE"u8);
        writer.WriteString("name"u8, fault.Name);
        if (fault.OriginalName is { } original)
        {
            writer.WriteString("originalName"u8, original);
        }

        writer.WritePropertyName(fault.Detail);
        if (fault.IsList)
        {
            JsonSerializer.Serialize(writer, fault.Values);
        }
        else if (fault.IsJson)
        {
            writer.WriteRawValue(fault.Values[0].Trim(), skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(fault.Values[0]);
        }

        writer.WriteNumber("statusCode"u8, fault.Status);
        writer.WriteEndObject();
    }
}
