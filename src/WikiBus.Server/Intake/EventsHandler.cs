using Microsoft.Net.Http.Headers;
using WikiBus.Json;
using WikiBus.Server.Access;

namespace WikiBus.Server.Intake;

/// <summary>
/// One request with events, from its headers to its answer. No fault leaves it: every answer has a body that
/// MediaWiki's producer can read.
/// </summary>
internal sealed class EventsHandler(
    IntakeOptions options, AccessControl access, BodyReader bodyReader, EventIntake intake, IntakeBatchPool batches,
    HastyEvents hasty, FillPlans plans, AnswerSender sender, BytesInFlight bytesInFlight,
    IntakeDiagnostics diagnostics, TimeProvider time)
{
    /// <summary><c>POST /v1/events</c>.</summary>
    public Task HandlePostAsync(HttpContext context) => HandleAsync(context, testEvents: null);

    /// <summary><c>GET /v1/_test/events</c>: events from the configuration, always new.</summary>
    public Task HandleTestAsync(HttpContext context, ReadOnlyMemory<byte> testEvents) =>
        HandleAsync(context, testEvents);

    private async Task HandleAsync(HttpContext context, ReadOnlyMemory<byte>? testEvents)
    {
        var start = time.GetTimestamp();
        var batch = batches.Take();
        var outcome = default(IntakeOutcome);
        try
        {
            outcome = await TakeInAsync(context, batch, testEvents);
            await sender.SendAsync(context, outcome.Answer, batch);
            diagnostics.Request(time.GetElapsedTime(start), outcome.Answer.Status, batch.Body.Length);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; whatever was taken from it stays taken.
        }
        catch (Exception exception)
        {
            diagnostics.RequestFailed(exception);
            await sender.SendFailureAsync(context);
        }
        finally
        {
            if (!outcome.IsHandedOver)
            {
                intake.Return(batch, outcome.Pending);
            }
        }
    }

    private async ValueTask<IntakeOutcome> TakeInAsync(
        HttpContext context, IntakeBatch batch, ReadOnlyMemory<byte>? testEvents)
    {
        var deadline = batch.StartDeadline(options.Deadline, time);
        var caller = access.Identify(context);
        if (Refusal(context, caller) is { } refusal)
        {
            return new IntakeOutcome(refusal);
        }

        if (testEvents is { } given)
        {
            batch.Body.Append(given.Span);
        }
        else if (await ReadBodyAsync(context, batch, deadline) is { } unread)
        {
            return new IntakeOutcome(unread);
        }

        if (FindEvents(batch) is { } unusable)
        {
            return new IntakeOutcome(unusable);
        }

        var origin = EventOrigin.Of(
            context, caller, time.GetUtcNow(), plans.HeaderFields, options, isAlwaysNew: testEvents is not null);
        if (!HastyFlag.IsSet(context.Request.QueryString.Value ?? ""))
        {
            return await intake.SubmitAsync(batch, origin, deadline);
        }

        var answer = IntakeAnswer.Hasty(batch.Events.Count);
        hasty.Start(batch, origin);
        return new IntakeOutcome(answer, IsHandedOver: true);
    }

    private static IntakeAnswer? Refusal(HttpContext context, Caller caller)
    {
        if ((caller.Roles & (Role.Publish | Role.Manage)) == 0)
        {
            return caller.IsInvalid ? IntakeAnswer.InvalidKey
                : caller.Id != Caller.AnonymousId ? IntakeAnswer.Forbidden
                : PresentedKey.LacksScheme(context.Request) ? IntakeAnswer.KeyWithoutScheme
                : IntakeAnswer.Unauthorized;
        }

        var expect = context.Request.Headers[HeaderNames.Expect].ToString();
        return expect.Length > 0 && !expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase)
            ? IntakeAnswer.ExpectationFailed
            : null;
    }

    private async ValueTask<IntakeAnswer?> ReadBodyAsync(
        HttpContext context, IntakeBatch batch, CancellationToken deadline)
    {
        var format = BodyFormat.Of(context.Request.Headers);
        if (!format.IsRead)
        {
            return IntakeAnswer.Empty;
        }

        try
        {
            var fault = format.Fault ?? await bodyReader.ReadAsync(context, format, batch.Body, deadline);
            return fault is null ? null : IntakeAnswer.Of(fault);
        }
        catch (BadHttpRequestException exception)
        {
            return IntakeAnswer.Of(new BodyFault(exception.StatusCode, exception.Message));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // A chunk whose size is no number of bytes, or a trailer with a zero byte, is not always told as a bad
            // request; the sender's exception it is.
            return IntakeAnswer.Of(new BodyFault(StatusCodes.Status400BadRequest, exception.Message));
        }
    }

    /// <summary>Reads the body as JSON and lists its events; an answer says why there are none.</summary>
    private IntakeAnswer? FindEvents(IntakeBatch batch)
    {
        if (batch.Body.Length == 0)
        {
            return IntakeAnswer.Empty;
        }

        if (bytesInFlight.ReserveTokens(batch.Body) is { } full)
        {
            return IntakeAnswer.Of(full);
        }

        if (!batch.Tape.TryParse(batch.Body.Memory, out var fault))
        {
            return IntakeAnswer.Of(BodyFault.Unreadable($"{fault.Message} (byte {fault.Offset})"));
        }

        var root = batch.Tape.Root;
        if (root.Kind is not (JsonKind.Object or JsonKind.Array))
        {
            return IntakeAnswer.Of(BodyFault.Unreadable("The body must be a JSON object or array."));
        }

        BodyText.RemoveLineBreaks(batch.Body);
        ListEvents(root, batch.Events);
        return batch.Events.Count == 0 ? IntakeAnswer.Empty
            : batch.Events.Count > options.EventCountMax ? IntakeAnswer.Of(BodyFault.TooManyEvents)
            : null;
    }

    /// <summary>
    /// Lists the events of a body: one event, an array of events, or the objects that PHP makes of arrays with gaps.
    /// None when it is empty.
    /// </summary>
    internal static void ListEvents(JsonTapeValue root, List<JsonTapeValue> events)
    {
        if (root.Kind == JsonKind.Array)
        {
            foreach (var element in root)
            {
                events.Add(element);
            }

            if (events is [var only] && IsNumbered(only))
            {
                events.Clear();
                AddValues(only, events);
            }
        }
        else if (IsNumbered(root))
        {
            AddValues(root, events);
        }
        else if (HasMembers(root))
        {
            events.Add(root);
        }
    }

    private static bool HasMembers(JsonTapeValue node) => node.GetEnumerator().MoveNext();

    private static void AddValues(JsonTapeValue node, List<JsonTapeValue> events)
    {
        foreach (var value in node)
        {
            events.Add(value);
        }
    }

    // {"0":{…},"2":{…}}: what json_encode makes of a list from which an element was taken.
    private static bool IsNumbered(JsonTapeValue node)
    {
        if (node.Kind != JsonKind.Object || !HasMembers(node))
        {
            return false;
        }

        for (var members = node.GetEnumerator(); members.MoveNext();)
        {
            var name = members.Name.Raw[1..^1];
            if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
                members.Current.Kind != JsonKind.Object)
            {
                return false;
            }
        }

        return true;
    }
}
