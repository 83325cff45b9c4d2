using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Http;
using WikiBus.Server.Webhooks.Sending;
using WikiBus.Storage;

namespace WikiBus.Server.Webhooks;

/// <summary>One request about webhooks.</summary>
/// <param name="Context">The request.</param>
/// <param name="Caller">Who sent it.</param>
/// <param name="Subscriptions">The subscriptions.</param>
internal sealed record WebhookCall(HttpContext Context, Caller Caller, Subscriptions Subscriptions)
    : DeliveryCall(Context, Caller)
{
    public const int BodyBytesMax = 256 << 10;

    private DateTimeOffset Now => Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>The webhook of the path; null: there is none that the caller may see.</summary>
    public SubscriptionStatus? Find() => FindAny() is { Feature: WebhookFeature.FeatureName } status ? status : null;

    /// <summary>The subscription of the path, of any feature; null: there is none that the caller may see.</summary>
    public SubscriptionStatus? FindAny() => Subscriptions.Find(Id) is { } status && MaySee(status) ? status : null;

    /// <summary>Answers that <see cref="Find"/> found nothing.</summary>
    public Task NoWebhookAsync() => FindAny() is null
        ? NoSubscriptionAsync()
        : ProblemAsync(409, "The subscription belongs to a subscription set; change or delete the set.");

    /// <inheritdoc cref="DeliveryCall.MaySee(string)"/>
    public bool MaySee(SubscriptionStatus status) => MaySee(status.Owner);

    /// <summary>Reads the body; null: it was wrong, and the request has been answered.</summary>
    public async Task<T?> ReadAsync<T>(JsonTypeInfo<T> type, T? whenEmpty = null)
        where T : class
    {
        var body = await BoundedBody.ReadAsync(Context.Request, BodyBytesMax);
        if (body is null)
        {
            await ProblemAsync(413, $"The body is larger than {BodyBytesMax} bytes.");
            return null;
        }

        if (body.Length == 0 && whenEmpty is not null)
        {
            return whenEmpty;
        }

        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } request)
            {
                return request;
            }
        }
        catch (JsonException exception)
        {
            await ProblemAsync(400, JsonBodyFault.Of(exception, type));
            return null;
        }

        await ProblemAsync(400, "The body has to be a JSON object.");
        return null;
    }

    /// <summary>Answers with the subscription as it is now.</summary>
    /// <param name="status">The status of the answer.</param>
    /// <param name="id">The subscription's id.</param>
    /// <param name="add">Adds what only this answer has.</param>
    public Task ShowAsync(int status, string id, Func<SubscriptionAnswer, SubscriptionAnswer>? add = null)
    {
        if (Subscriptions.Find(id) is not { } found || !MaySee(found))
        {
            return NoSubscriptionAsync();
        }

        Context.Response.Headers.ETag = TagOf(found);
        var answer = Show(found);
        return WriteAsync(status, add?.Invoke(answer) ?? answer);
    }

    public SubscriptionAnswer Show(SubscriptionStatus status) => SubscriptionAnswer.Of(
        status, Context.RequestServices.GetRequiredService<EventLog>().LogId, Now);

    /// <summary>Answers what a change that was not done means.</summary>
    public Task RefuseAsync(ChangeOutcome outcome) => outcome switch
    {
        ChangeOutcome.IdTaken => ProblemAsync(
            409, "id: a subscription with other members, or of another key, has it. Choose another one, or let its "
                + "owner replace (PUT) or delete it."),
        ChangeOutcome.TooMany => ProblemAsync(
            409, "The key has as many subscriptions as Webhooks:SubscriptionsPerKeyMax allows."),
        ChangeOutcome.OtherVersion => ProblemAsync(412, "The subscription was changed meanwhile."),
        ChangeOutcome.ReplayRuns => ProblemAsync(409, "A replay of this subscription runs already."),
        _ => NoSubscriptionAsync(),
    };

    /// <summary>Answers with a type of <see cref="AnswerJson"/>.</summary>
    public Task WriteAsync<T>(int status, T value)
    {
        Context.Response.StatusCode = status;
        return WriteAsync(value, (JsonTypeInfo<T>)AnswerJson.Default.GetTypeInfo(typeof(T))!);
    }

    /// <summary>The version that <c>If-Match</c> allows; null: any. False: the subscription has another one.</summary>
    public bool TryMatch(SubscriptionStatus status, out long? version)
    {
        version = null;
        if (Context.Request.Headers.IfMatch.Count == 0)
        {
            return true;
        }

        var tags = Context.Request.GetTypedHeaders().IfMatch;
        if (tags.Any(static tag => tag.Tag == "*"))
        {
            return true;
        }

        version = status.Version;
        return tags.Any(tag => !tag.IsWeak && tag.Tag == TagOf(status));
    }

    // The number, since a deleted subscription and a later one with its id have the same versions.
    private static string TagOf(SubscriptionStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{status.Number}-{status.Version}\"");
}
