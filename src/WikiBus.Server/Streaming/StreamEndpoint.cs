using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using WikiBus.Server.Access;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Connections;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streaming.Starting;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming;

/// <summary>Answers <c>/v2/stream/{streams}</c>.</summary>
internal sealed class StreamEndpoint(
    AccessControl access,
    ConnectionSlots slots,
    StreamRequestReader reader,
    StartResolver resolver,
    Audience audience,
    EventLog log,
    ConnectionParts parts)
{
    private const string EventsType = "text/event-stream";

    private static readonly TimeSpan s_systemTimeoutMargin = TimeSpan.FromSeconds(5);

    public Task HandleAsync(HttpContext context)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            StreamingHeaders.Set(context.Response.Headers);
            return AnswerAsync(context);
        }

        if (HttpMethods.IsOptions(method))
        {
            StreamingHeaders.Set(context.Response.Headers);
            return StreamAnswers.WriteMethodsAsync(context);
        }

        return NotFoundPage.WriteAsync(context);
    }

    // EventStreams' order: the limit comes before everything that a request could be refused for.
    private async Task AnswerAsync(HttpContext context)
    {
        var caller = access.Identify(context);
        if (caller.IsInvalid)
        {
            await RefuseAsync(context, StreamRefusal.InvalidKey);
            return;
        }

        using var slot = slots.TryTake(LimitedAddress(context, caller), out var refusal);
        if (slot is null)
        {
            context.Response.Headers.RetryAfter = "30";
            await RefuseAsync(context, refusal!);
            return;
        }

        var request = reader.Read(context.Request, caller, out refusal, out var fault);
        var isOver = false;
        StreamStart? start = null;
        if (request is not null)
        {
            using var turn = await parts.Turns.TakeAsync(context.RequestAborted);
            start = TryFindStart(request, out fault, out isOver);
        }

        if (request is null || fault is not null || isOver)
        {
            // Before the answer: who has it may come again at once.
            slot.Dispose();
        }

        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
        }
        else if (fault is not null)
        {
            parts.Diagnostics.CountRefusal(fault.Status);
            await StreamAnswers.WriteFaultAsync(context, fault);
        }
        else if (isOver)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            var network = ClientNetwork.Of(access.AddressOf(context));
            await StreamAsync(context, request! with { Network = network }, start);
        }
    }

    /// <summary>Null without a fault if the log is damaged where the start would be looked for.</summary>
    private StreamStart? TryFindStart(StreamRequest request, out AssignmentFault? fault, out bool isOver)
    {
        fault = null;
        isOver = false;
        try
        {
            var start = resolver.Resolve(request, out fault);
            isOver = start is not null && IsOver(request, start);
            return start;
        }
        catch (Exception exception) when (LogFault.Is(exception))
        {
            parts.Diagnostics.RecordDamaged(exception);
            return null;
        }
    }

    private Task RefuseAsync(HttpContext context, StreamRefusal refusal)
    {
        parts.Diagnostics.CountRefusal(refusal.Status);
        return Problem.WriteAsync(context, refusal.Status, refusal.Type, refusal.Title, refusal.Detail);
    }

    private IPAddress? LimitedAddress(HttpContext context, Caller caller) =>
        (caller.Roles & (Role.Read | Role.Manage)) != 0 ? null : access.AddressOf(context);

    /// <summary>Nothing comes before <c>until</c> any more: 204 tells an EventSource not to come back.</summary>
    private bool IsOver(StreamRequest request, StreamStart start) =>
        request.UntilMs is { } until
        && parts.Time.GetUtcNow().ToUnixTimeMilliseconds() >= until
        && !new LogSearch(log).HasRecordBefore(start.Position, request.Streams, until);

    /// <param name="context">The request.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="start">Null: it cannot be found, and the client is told so as one that reads already.</param>
    private async Task StreamAsync(HttpContext context, StreamRequest request, StreamStart? start)
    {
        SetHeaders(context, request.Format);
        parts.Diagnostics.CountRequest(request.Format);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (start is null)
        {
            await WriteDamageAsync(context.Response, request.Format);
            return;
        }

        parts.Diagnostics.Connected(request.Caller.Id, string.Join(',', request.Streams), start.Position);
        LeaveDeadlineToUs(context, parts.Options.WriteTimeout);
        await context.Response.StartAsync(context.RequestAborted);
        var connection = new StreamConnection(context, request, start, parts);
        var section = audience.Join(connection);
        try
        {
            if (audience.IsEnding)
            {
                connection.End(parts.Options.RetryDelay);
            }

            await connection.RunAsync(start.Gaps);
        }
        finally
        {
            audience.Leave(connection, section);
        }
    }

    // Without an id: whoever comes back asks for the same again, and gets it once the log is mended.
    private async Task WriteDamageAsync(HttpResponse response, StreamFormat format)
    {
        var output = response.BodyWriter;
        BlockWriter.WritePrelude(output, format);
        if (format == StreamFormat.ServerSentEvents)
        {
            BlockWriter.WriteRetry(output, parts.Options.RetryDelay);
        }

        BlockWriter.WriteNotice(output, format, "error"u8, ids: null, default, 0, BlockWriter.DamageData());
        await output.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static void SetHeaders(HttpContext context, StreamFormat format)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers.ContentType = format == StreamFormat.JsonLines ? Problem.ContentType
            : request.Headers.Accept.Count == 0 ? EventsType
            : $"{EventsType}; charset=utf-8";
        headers.CacheControl = "no-cache";
        if (HttpProtocol.IsHttp11(request.Protocol))
        {
            headers.Connection = "keep-alive";
        }

        // nginx would gather events into full buffers.
        headers["x-accel-buffering"] = "no";
    }

    /// <summary>
    /// Kestrel ends connections that read slower than a rate; here a slow client is only behind, and a dead one is
    /// found by the write deadline, or by the system when nothing that was sent is acknowledged for so long.
    /// </summary>
    private static void LeaveDeadlineToUs(HttpContext context, TimeSpan timeout)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (OperatingSystem.IsLinux() && context.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            // Later than ours, which ends the connection quietly; the system's would be the web server's Error.
            WriteDeadline.Set(connection.Socket, timeout + s_systemTimeoutMargin);
        }
    }
}
