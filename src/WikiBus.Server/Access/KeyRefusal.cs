using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;

namespace WikiBus.Server.Access;

/// <summary>
/// Refuses requests for their key, as problems. <c>POST /v1/events</c> says the same in EventGate's form.
/// </summary>
internal static class KeyRefusal
{
    /// <summary>The caller with a role; null if it lacks the role, and the request has been answered.</summary>
    public static async Task<Caller?> RequireAsync(HttpContext context, Role role)
    {
        var access = context.RequestServices.GetRequiredService<AccessControl>();
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        if ((caller.Roles & (role | Role.Manage)) != Role.None)
        {
            return caller;
        }

        await (caller.IsUnjudged ? NotJudgedAsync(context) : LacksRoleAsync(context, caller, role));
        return null;
    }

    /// <summary>Answers that the key could not be judged now.</summary>
    public static Task NotJudgedAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = PresentedKey.RetryAfter;
        return Problem.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Service Unavailable",
            PresentedKey.NotJudged);
    }

    private static Task LacksRoleAsync(HttpContext context, Caller caller, Role role)
    {
        var needed = $"A key with the role {RoleNames.Of(role)[0]} is needed.";
        if (caller.HasKey)
        {
            return Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "forbidden", "Forbidden", needed);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.WriteAsync(
            context, StatusCodes.Status401Unauthorized, "unauthorized", "Unauthorized",
            caller.IsInvalid ? PresentedKey.InvalidKey : needed);
    }
}
