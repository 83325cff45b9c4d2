using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Places;
using WikiBus.Server.Webhooks.Sending;
using WikiBus.Server.Webhooks.Settings;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.Server.Webhooks;

/// <summary>The routes that operate a subscription: pause, resume, replay, test, rotate.</summary>
internal sealed class OperationRoutes(
    WebhookFeature feature, LogPlaces places, TimeProvider time, ILogger<OperationRoutes> logger)
{
    /// <summary>Why a subscription of the configuration is not changed.</summary>
    public const string DeclaredFault = "The configuration declares this subscription; change it there.";

    /// <summary>Most test requests at once.</summary>
    public const int TestsMax = 16;

    /// <summary>Most secrets that sign beside the present one.</summary>
    public const int OldSecretsMax = 4;

    /// <summary>How long a replaced secret signs.</summary>
    public static readonly TimeSpan OldSecretAge = TimeSpan.FromHours(24);

    private int _testCount;

    public Task PauseAsync(WebhookCall call) => ChangeAsync(
        call, "paused", status => call.Subscriptions.PauseAsync(status.Feature, status.Id, status));

    public Task ResumeAsync(WebhookCall call)
    {
        var query = new QueryReader(call.Context.Request.Query, "from");
        var from = query.Text("from") ?? "";
        if ((query.Fault ?? (from is "" or WebhookDefinition.StartNow
            ? null
            : "from: 'now' is allowed; without it, the subscription continues at its cursor")) is { } fault)
        {
            return call.ProblemAsync(400, fault);
        }

        return ChangeAsync(
            call, "resumed",
            status => call.Subscriptions.ResumeAsync(
                status.Feature, status.Id, from.Length > 0, status),
            showsCount: true);
    }

    public async Task ReplayAsync(WebhookCall call)
    {
        if (call.FindAny() is not { } seen)
        {
            await call.NoSubscriptionAsync();
            return;
        }

        if (await call.ReadAsync(AnswerJson.Default.ReplayBody) is not { } body)
        {
            return;
        }

        if (FindFault(body, call, out var from, out var to) is { } fault)
        {
            await call.ProblemAsync(400, fault);
            return;
        }

        await ChangeAsync(
            call, "replay begun",
            status => call.Subscriptions.ReplayAsync(status.Feature, status.Id, from, to, status),
            showsCount: true);
    }

    public async Task CancelReplayAsync(WebhookCall call)
    {
        if (call.FindAny() is not { } status)
        {
            await call.NoSubscriptionAsync();
            return;
        }

        var change = await call.Subscriptions.CancelReplayAsync(status.Feature, status.Id, status);
        if (change.Outcome != ChangeOutcome.Done)
        {
            await call.ProblemAsync(404, "No replay of this subscription runs.");
            return;
        }

        WebhooksDiagnostics.Operated(logger, status.Id, "replay cancelled", call.Caller.Id);
        await call.WriteAsync(200, new DroppedAnswer(change.Count));
    }

    public async Task TestAsync(WebhookCall call)
    {
        if (call.Find() is not { } status)
        {
            await call.NoWebhookAsync();
            return;
        }

        if (status.State == "revoked")
        {
            await call.ProblemAsync(409, "The key that owns this subscription was revoked.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _testCount) > TestsMax)
            {
                call.Context.Response.Headers.RetryAfter = "1";
                await call.ProblemAsync(503, $"{TestsMax} test requests run already.");
                return;
            }

            var webhook = Webhook.Of(status.Definition);
            var result = await feature.TestAsync(webhook, status.Owner, status.Number, call.Context.RequestAborted);
            await AnswerTestAsync(call, result, webhook);
        }
        finally
        {
            Interlocked.Decrement(ref _testCount);
        }
    }

    public async Task RotateAsync(WebhookCall call)
    {
        if (call.Find() is not { } status)
        {
            await call.NoWebhookAsync();
            return;
        }

        if (status.Owner == Subscription.ConfigurationOwner)
        {
            await call.ProblemAsync(409, DeclaredFault);
            return;
        }

        if (await call.ReadAsync(AnswerJson.Default.RotateBody, new RotateBody()) is not { } body)
        {
            return;
        }

        var now = time.GetUtcNow();
        var stored = WebhookDefinition.Parse(status.Definition);
        if ((WebhookRules.FindFaultOfSecret(body.Secret)
            ?? (body.Secret == stored.Secret ? "secret: it is the present one" : null)) is { } fault)
        {
            await call.ProblemAsync(400, fault);
            return;
        }

        if (stored.OldSecrets.Count(old => now < old.Until) >= OldSecretsMax)
        {
            await call.ProblemAsync(
                409, $"{OldSecretsMax} replaced secrets still sign; the oldest one ends 24 h after its replacement.");
            return;
        }

        var secret = body.Secret ?? SigningSecret.Create().ToText();
        var change = await call.Subscriptions.RedefineAsync(
            WebhookFeature.FeatureName, status.Id, text => Rotate(WebhookDefinition.Parse(text), secret, now),
            status.Version, status);
        if (change.Outcome != ChangeOutcome.Done)
        {
            await call.RefuseAsync(change.Outcome);
            return;
        }

        WebhooksDiagnostics.Operated(logger, status.Id, "rotated", call.Caller.Id);
        await call.ShowAsync(200, status.Id, answer => answer with { Secret = secret });
    }

    private async Task ChangeAsync(
        WebhookCall call, string operation, Func<SubscriptionStatus, Task<SubscriptionChange>> change,
        bool showsCount = false)
    {
        if (call.FindAny() is not { } status)
        {
            await call.NoSubscriptionAsync();
            return;
        }

        var done = await change(status);
        if (done.Outcome != ChangeOutcome.Done)
        {
            await call.RefuseAsync(done.Outcome);
            return;
        }

        WebhooksDiagnostics.Operated(logger, status.Id, operation, call.Caller.Id);
        await call.ShowAsync(
            200, status.Id, answer => answer with { Positions = showsCount ? done.Count : null });
    }

    private string? FindFault(ReplayBody body, WebhookCall call, out long from, out long? to)
    {
        (from, to) = (0, null);
        if (body.From is null)
        {
            return "from: it is needed";
        }

        if (!places.TryFind(body.From, call.Caller.MayRead, out var begin, out var fault))
        {
            return $"from: {fault}";
        }

        if (body.To is not null && !places.TryFind(body.To, call.Caller.MayRead, out to, out fault))
        {
            return $"to: {fault}";
        }

        from = begin ?? long.MaxValue;
        return to < from ? "to: it is before 'from'" : null;
    }

    private static Task AnswerTestAsync(WebhookCall call, SendResult result, Webhook webhook) => result switch
    {
        SendResult.Unreached { Reason: UnreachedReason.Guard } blocked => call.ProblemAsync(
            400, $"url: {blocked.Message}"),
        SendResult.Answered answered => WriteAsync(
            call, new TestAnswer(answered.Status, WebhookVerdict.ExcerptOf(answered, webhook), null, null)),
        SendResult.Unreached unreached => WriteAsync(
            call, new TestAnswer(null, null, HttpVerdict.NameOf(unreached.Reason), unreached.Message)),
        SendResult.Broken broken => WriteAsync(
            call, new TestAnswer(null, null, HttpVerdict.NameOf(broken.Reason), broken.Message)),
        _ => throw new InvalidOperationException($"{result.GetType()} is unknown."),
    };

    private static Task WriteAsync(WebhookCall call, TestAnswer answer) =>
        call.WriteAsync(200, answer);

    private static string Rotate(WebhookDefinition before, string secret, DateTimeOffset now) => (before with
    {
        Secret = secret,
        OldSecrets =
        [
            .. before.OldSecrets.Where(old => now < old.Until), new OldSecret(before.Secret, now + OldSecretAge),
        ],
    }).ToJson();
}
