using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Access;
using WikiBus.Server.Intake.Answers;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>
/// Leads a request with events from its headers to its answer. It answers every fault with a body that MediaWiki's
/// producer can read. Safe for concurrent use.
/// </summary>
internal sealed class EventsHandler(
    IntakeOptions options, AccessControl access, BodyReader bodyReader, EventIntake intake, IntakeBatchPool batches,
    HastyEvents hasty, RefusedEvents refused, FillPlans plans, AnswerSender sender, IntakeDiagnostics diagnostics,
    TimeProvider time)
{
    /// <summary><c>POST /v1/events</c>.</summary>
    public Task HandlePostAsync(HttpContext context) => HandleAsync(context, testEvents: null);

    /// <summary><c>GET /v1/_test/events</c>: submits events from the configuration, which are always new.</summary>
    public Task HandleTestAsync(HttpContext context, ReadOnlyMemory<byte> testEvents) =>
        HandleAsync(context, testEvents);

    /// <summary><c>POST /v1/topics</c>, the address in old READMEs of EventBus.</summary>
    public async Task HandleOldAddressAsync(HttpContext context)
    {
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        await sender.SendAsync(context, Refuse(context, caller, IntakeAnswer.OldAddress));
    }

    private async Task HandleAsync(HttpContext context, ReadOnlyMemory<byte>? testEvents)
    {
        var start = time.GetTimestamp();
        var batch = batches.Take();
        var answer = default(IntakeAnswer);
        try
        {
            answer = await TakeInAsync(context, batch, testEvents);
            await sender.SendAsync(context, answer);
            diagnostics.Request(time.GetElapsedTime(start), answer.Status);
        }
        catch (Exception exception)
            when (exception is ConnectionResetException || context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone. What the log stored of the request stays stored.
        }
        catch (Exception exception)
        {
            diagnostics.RequestFailed(exception);
            await sender.SendFailureAsync(context);
        }
        finally
        {
            // After a hasty answer the batch belongs to HastyEvents.
            if (!answer.IsHasty)
            {
                batches.Return(batch);
            }
        }
    }

    private async ValueTask<IntakeAnswer> TakeInAsync(
        HttpContext context, IntakeBatch batch, ReadOnlyMemory<byte>? testEvents)
    {
        var deadline = batch.Deadline.Start(options.Deadline, time);
        var caller = await access.IdentifyAsync(context, deadline);
        if (Refusal(context, caller) is { } refusal)
        {
            return Refuse(context, caller, refusal);
        }

        BodyFault? fault = null;
        if (testEvents is { } given)
        {
            batch.Body.Text.Append(given.Span);
        }
        else
        {
            fault = await ReadBodyAsync(context, batch.Body.Text, deadline);
        }

        diagnostics.Body(batch.Body.Text.Length);
        if (FindEvents(batch.Body, fault) is { } unusable)
        {
            return Refuse(context, caller, unusable);
        }

        var origin = OriginOf(context, caller, isAlwaysNew: testEvents is not null);
        if (HastyFlag.IsSet(context.Request.QueryString.Value ?? ""))
        {
            var hastyAnswer = IntakeAnswer.Hasty(batch.Body.Events.Count);
            hasty.Start(batch, origin);
            return hastyAnswer;
        }

        var result = await intake.SubmitAsync(batch, origin, deadline);
        return result.Status == AppendStatus.Stored
            ? IntakeAnswer.Of(batch.Judge.Verdicts) with { Duplicates = DuplicatesIn(result.Records) }
            : IntakeAnswer.NotStored(result.Reason!);
    }

    private static int DuplicatesIn(IReadOnlyList<RecordOutcome> records)
    {
        var count = 0;
        for (var index = 0; index < records.Count; index++)
        {
            count += records[index].IsDuplicate ? 1 : 0;
        }

        return count;
    }

    private IntakeAnswer Refuse(HttpContext context, Caller caller, IntakeAnswer answer)
    {
        refused.Report(caller.Id, access.NetworkOf(context), answer.Status, answer.Fault ?? answer.Reason);
        return answer;
    }

    private static IntakeAnswer? Refusal(HttpContext context, Caller caller)
    {
        if ((caller.Roles & (Role.Publish | Role.Manage)) == 0)
        {
            return caller.IsInvalid ? IntakeAnswer.InvalidKey
                : caller.IsUnjudged ? IntakeAnswer.KeyNotJudged
                : caller.Id != Caller.AnonymousId ? IntakeAnswer.Forbidden
                : PresentedKey.LacksScheme(context.Request) ? IntakeAnswer.KeyWithoutScheme
                : IntakeAnswer.Unauthorized;
        }

        var expect = context.Request.Headers[HeaderNames.Expect].ToString();
        return expect.Length > 0 && !expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase)
            ? IntakeAnswer.ExpectationFailed
            : null;
    }

    /// <summary>Reads the body, if its content type is one of those that are read.</summary>
    private async ValueTask<BodyFault?> ReadBodyAsync(
        HttpContext context, BodyBuffer text, CancellationToken deadline)
    {
        var format = BodyFormat.Of(context.Request.Headers);
        if (!format.IsRead || format.Fault is not null)
        {
            return format.Fault;
        }

        try
        {
            return await bodyReader.ReadAsync(context, format, text, deadline);
        }
        catch (ConnectionResetException)
        {
            // The web server would read the rest of the body, and log that it cannot.
            context.Abort();
            throw;
        }
        catch (BadHttpRequestException exception)
        {
            return new BodyFault(exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // Kestrel throws these for a chunk without a valid size, and for a trailer with a zero byte.
            return new BodyFault(StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    /// <summary>Finds the events in a body; an answer says why there are none.</summary>
    private IntakeAnswer? FindEvents(RequestBody body, BodyFault? fault)
    {
        fault ??= body.ReadEvents();
        return fault is not null ? IntakeAnswer.Of(fault)
            : body.Events.Count == 0 ? IntakeAnswer.Empty
            : body.Events.Count > options.EventCountMax
            ? IntakeAnswer.Of(BodyFault.TooManyEvents(options.EventCountMax))
            : null;
    }

    private EventOrigin OriginOf(HttpContext context, Caller caller, bool isAlwaysNew)
    {
        var headers = new string?[plans.HeaderFields.Count];
        for (var index = 0; index < headers.Length; index++)
        {
            headers[index] = EventOrigin.Cut(context.Request.Headers[plans.HeaderFields[index].Header].ToString());
        }

        return new EventOrigin(caller, time.GetUtcNow(), headers)
        {
            SchemaUri = Parameter(context, options.SchemaUriQueryParam),
            Stream = Parameter(context, options.StreamQueryParam),
            GivenAddress = context.Request.Headers["X-Client-IP"].ToString(),
            ForwardedFor = context.Request.Headers["X-Forwarded-For"].ToString(),
            RemoteAddress = context.Connection.RemoteIpAddress,
            IsAlwaysNew = isAlwaysNew,
        };
    }

    private static string? Parameter(HttpContext context, string name) =>
        name.Length > 0 && context.Request.QueryString.HasValue
            && context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;
}
