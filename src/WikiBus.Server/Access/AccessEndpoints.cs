using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.State;

namespace WikiBus.Server.Access;

/// <summary>The routes that list, create, replace, rotate and revoke keys, for callers who may manage.</summary>
internal static class AccessEndpoints
{
    private const int BodyBytesMax = 256 << 10;

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/keys", ["GET"], context => ManageAsync(context, ListAsync));
        routes.MapMethods("/v1/keys", ["POST"], context => ManageAsync(context, CreateAsync));
        routes.MapMethods("/v1/keys/{id}/rotate", ["POST"], context => ManageAsync(context, RotateAsync));
        routes.MapMethods("/v1/keys/{id}", ["PUT"], context => ManageAsync(context, ReplaceAsync));
        routes.MapMethods("/v1/keys/{id}", ["DELETE"], context => ManageAsync(context, RevokeAsync));
        return routes;
    }

    private static async Task ManageAsync(HttpContext context, Func<KeyCall, Task> answer)
    {
        CommonHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        if (await KeyRefusal.RequireAsync(context, Role.Manage) is not { } caller)
        {
            return;
        }

        try
        {
            await answer(new KeyCall(context, context.RequestServices.GetRequiredService<KeyStore>(), caller));
        }
        catch (StateException)
        {
            context.Response.Headers.RetryAfter = "1";
            await ProblemAsync(context, 503, "The keys could not be stored.");
        }
    }

    private static Task ListAsync(KeyCall call)
    {
        var keys = call.Keys.List().Select(key => KeyAnswer.Of(key, call.Now)).ToList();
        return WriteAsync(call.Context, 200, new KeyList(keys), AccessJson.Default.KeyList);
    }

    private static async Task CreateAsync(KeyCall call)
    {
        var request = await ReadAsync(call.Context, AccessJson.Default.KeyRequest, whenEmpty: null);
        if (request is null)
        {
            return;
        }

        if (KeyRules.FindFault(request) is { } fault)
        {
            await ProblemAsync(call.Context, 400, fault);
            return;
        }

        var change = await call.Keys.CreateAsync(request);
        if (change.Key is { } key)
        {
            AccessDiagnostics.Created(call.Logger, key.Id, call.Caller.Id);
        }

        await AnswerAsync(call, change, 201);
    }

    private static async Task ReplaceAsync(KeyCall call)
    {
        var request = await ReadAsync(call.Context, AccessJson.Default.KeyRequest, whenEmpty: null);
        if (request is null)
        {
            return;
        }

        if (KeyRules.FindFaultOfReplacement(request, call.KeyId) is { } fault)
        {
            await ProblemAsync(call.Context, 400, fault);
            return;
        }

        var change = await call.Keys.ReplaceAsync(call.KeyId, request);
        if (change.Key is { } key)
        {
            AccessDiagnostics.Replaced(call.Logger, key.Id, call.Caller.Id);
        }

        await AnswerAsync(call, change, 200);
    }

    private static async Task RotateAsync(KeyCall call)
    {
        var request = await ReadAsync(call.Context, AccessJson.Default.RotateRequest, new RotateRequest());
        if (request is null)
        {
            return;
        }

        if (KeyRules.FindFault(request) is { } fault)
        {
            await ProblemAsync(call.Context, 400, fault);
            return;
        }

        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var change = await call.Keys.RotateAsync(call.KeyId, request.Secret, overlap);
        if (change.Key is { } key)
        {
            AccessDiagnostics.Rotated(call.Logger, key.Id, call.Caller.Id);
        }

        await AnswerAsync(call, change, 200);
    }

    private static async Task RevokeAsync(KeyCall call)
    {
        var change = await call.Keys.RevokeAsync(call.KeyId);
        if (change.Key is { } key)
        {
            AccessDiagnostics.Revoked(call.Logger, key.Id, call.Caller.Id);
            call.Context.Response.StatusCode = 204;
            return;
        }

        await AnswerAsync(call, change, 204);
    }

    private static Task AnswerAsync(KeyCall call, KeyChange change, int statusWhenDone) => change.Outcome switch
    {
        KeyOutcome.Done => WriteAsync(
            call.Context, statusWhenDone,
            KeyAnswer.Of(change.Key!, call.Now, change.Secret), AccessJson.Default.KeyAnswer),
        KeyOutcome.NotFound => ProblemAsync(call.Context, 404, "There is no such key."),
        KeyOutcome.IdTaken => ProblemAsync(call.Context, 409, "There is a key with this id already."),
        KeyOutcome.IdRevoked => ProblemAsync(
            call.Context, 409, "A key with this id was revoked; ids are not used again."),
        KeyOutcome.RevokedFull => ProblemAsync(
            call.Context, 409,
            $"{KeyTable.RevokedIdCountMax} keys were revoked, and their ids are kept; no further key can be made."),
        KeyOutcome.SecretTaken => ProblemAsync(call.Context, 409, "A key has this secret already."),
        _ => ProblemAsync(call.Context, 409, "There are as many keys as Access:KeyCountMax allows."),
    };

    // Null: the body was wrong, and the answer has been sent.
    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, T? whenEmpty)
        where T : class
    {
        var body = await BoundedBody.ReadAsync(context.Request, BodyBytesMax);
        if (body is null)
        {
            await ProblemAsync(context, 413, $"The body is larger than {BodyBytesMax} bytes.");
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
            await ProblemAsync(context, 400, JsonBodyFault.Of(exception, type));
            return null;
        }

        await ProblemAsync(context, 400, "The body has to be a JSON object.");
        return null;
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
    }

    private static Task ProblemAsync(HttpContext context, int status, string detail)
    {
        var title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
        return Problem.WriteAsync(context, status, "about:blank", title, detail);
    }

    private sealed record KeyCall(HttpContext Context, KeyStore Keys, Caller Caller)
    {
        public string KeyId => (string?)Context.Request.RouteValues["id"] ?? "";

        public DateTimeOffset Now => Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

        public ILogger Logger => Context.RequestServices.GetRequiredService<ILogger<AccessControl>>();
    }
}
