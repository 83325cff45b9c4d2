using System.Net;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Connections;
using WikiBus.Server.Streaming.Requests;
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

    /// <summary>Answers a <c>GET</c> or <c>HEAD</c> request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        if (await StreamAnswers.TryRefuseKeyAsync(context, caller, parts.Diagnostics))
        {
            return;
        }

        // In EventStreams' order: the limits of connections come before all other refusals.
        using var slot = slots.TryTake(LimitedNetwork(context, caller), out var refusal);
        if (slot is null)
        {
            context.Response.Headers.RetryAfter = "30";
            await StreamAnswers.RefuseAsync(context, refusal!, parts.Diagnostics);
            return;
        }

        var request = reader.Read(context.Request, caller, out refusal, out var fault);
        var isOver = false;
        StreamStart? start = null;
        if (request is not null)
        {
            fault = resolver.FindFault(request);
        }

        if (request is not null && fault is null)
        {
            (start, isOver) = await TryFindStartAsync(request, context.RequestAborted);
        }

        if (request is null || fault is not null || isOver)
        {
            // Before the answer: a client that has it may come again immediately.
            slot.Dispose();
        }

        if (refusal is not null)
        {
            await StreamAnswers.RefuseAsync(context, refusal, parts.Diagnostics);
        }
        else if (fault is not null)
        {
            await StreamAnswers.RefuseAsync(context, fault, parts.Diagnostics);
        }
        else if (isOver)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await StreamAsync(context, request! with { Network = access.NetworkOf(context) }, start);
        }
    }

    /// <summary>Without a start if the log is damaged where the start is looked for.</summary>
    private async Task<(StreamStart? Start, bool IsOver)> TryFindStartAsync(
        StreamRequest request, CancellationToken cancellationToken)
    {
        using var turn = new SteppedTurn(parts.Turns, parts.Time, cancellationToken);
        try
        {
            var start = await resolver.ResolveAsync(request, turn.BeginStepAsync);
            return (start, await IsOverAsync(request, start, turn));
        }
        catch (Exception exception) when (LogFault.Is(exception))
        {
            parts.Diagnostics.RecordDamaged(exception);
            return (null, false);
        }
    }

    private IPAddress? LimitedNetwork(HttpContext context, Caller caller) =>
        caller.HasRead ? null : access.NetworkOf(context);

    /// <summary>No event before <c>until</c> can follow. After a 204 an EventSource does not come back.</summary>
    private async ValueTask<bool> IsOverAsync(StreamRequest request, StreamStart start, SteppedTurn turn) =>
        request.UntilMs is { } until
        && log.HasPassed(until)
        && !await new LogSearch(log).HasRecordBeforeAsync(
            start.Position, request.Streams, until, turn.BeginStepAsync);

    /// <param name="context">The request.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="start">Null: the log is damaged there, and the client gets the error as an event.</param>
    private async Task StreamAsync(HttpContext context, StreamRequest request, StreamStart? start)
    {
        SetHeaders(context, request.Format);
        parts.Diagnostics.CountRequest(request.Format.ToString());
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
        WriteDeadline.LeaveToUs(context, parts.Options.WriteTimeout);
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

    // Without an id: a client that comes back asks for the same again, and gets it once the log is repaired.
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

        // Else nginx gathers events until its buffers are full.
        headers["x-accel-buffering"] = "no";
    }
}
