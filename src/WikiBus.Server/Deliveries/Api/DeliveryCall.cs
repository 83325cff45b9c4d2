using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Http;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Api;

/// <summary>
/// One request about deliveries. A caller sees its own subscriptions, and one that may manage sees all.
/// </summary>
/// <param name="Context">The request.</param>
/// <param name="Caller">Who sent it.</param>
internal record DeliveryCall(HttpContext Context, Caller Caller)
{
    private const string NoSubscription = "There is no such subscription.";

    /// <summary>Answers a request of a caller with the role <c>subscribe</c>, and refuses all others.</summary>
    public static async Task AnswerAsync(HttpContext context, Func<DeliveryCall, Task> answer)
    {
        CommonHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        if (await KeyRefusal.RequireAsync(context, Role.Subscribe) is not { } caller)
        {
            return;
        }

        var call = new DeliveryCall(context, caller);
        try
        {
            await answer(call);
        }
        catch (StateException)
        {
            await call.BusyAsync("The state database cannot be read or written now.");
        }
        catch (Exception exception) when (exception is LogDamagedException or IOException
            && !context.RequestAborted.IsCancellationRequested)
        {
            await call.BusyAsync("The record cannot be read now.");
        }
    }

    /// <summary>The id in the path.</summary>
    public string Id => (string?)Context.Request.RouteValues["id"] ?? "";

    /// <summary>Has the subscription the caller's key as its owner, or may the caller manage?</summary>
    public bool MaySee(Subscription subscription) => MaySee(subscription.Owner);

    /// <summary>The same for a subscription with this owner.</summary>
    public bool MaySee(string owner) => Caller.MayManage || owner == Caller.Id;

    /// <summary>Answers with a value.</summary>
    public Task WriteAsync<T>(T value, JsonTypeInfo<T> type)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, JsonOutput.Relaxed))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return WholeAnswer.WriteAsync(Context, Problem.ContentType, body.WrittenMemory);
    }

    /// <summary>Refuses the request.</summary>
    public Task ProblemAsync(int status, string detail) => Problem.WriteAsync(
        Context, status, "about:blank", ReasonPhrases.GetReasonPhrase(status), detail);

    /// <summary>Answers that the caller sees no such subscription.</summary>
    public Task NoSubscriptionAsync() => ProblemAsync(StatusCodes.Status404NotFound, NoSubscription);

    private Task BusyAsync(string detail)
    {
        Context.Response.Headers.RetryAfter = "1";
        return ProblemAsync(StatusCodes.Status503ServiceUnavailable, detail);
    }
}
