using System.Text;
using WikiBus.Server.Access;
using WikiBus.Server.Http;

namespace WikiBus.Server.Admin;

/// <summary>
/// <c>GET /?token=…</c>: the one-time link that <c>serve</c> shows. It opens a session, and leads to the page.
/// </summary>
internal static class PageLink
{
    private const string Void =
        "This link was used before, or is older than 10 minutes, or a newer one was made. `wikibus serve` shows a new "
        + "link when it starts. Or make a key (`wikibus keys create --role read`) and enter it on the page.\n";

    private const string ForeignHost =
        "The link works under localhost, under an IP address, or under a name in Access:TrustedHosts.\n";

    /// <summary>Is the request one of a link? A <c>HEAD</c> request does not use a link up.</summary>
    public static bool Is(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.QueryString.HasValue
        && request.Query.ContainsKey(PageSessions.TokenParameter);

    public static Task OpenAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var access = context.RequestServices.GetRequiredService<AccessControl>();
        if (!access.IsForTrustedHost(context))
        {
            return RefuseAsync(context, ForeignHost);
        }

        var sessions = context.RequestServices.GetRequiredService<PageSessions>();
        if (sessions.Open(context.Request.Query[PageSessions.TokenParameter].ToString()) is { } secret)
        {
            context.Response.Cookies.Append(PageSessions.CookieFor(context.Request), secret, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                Path = "/",
                MaxAge = PageSessions.SessionTime,
            });
        }
        else if (access.FindSession(context) is null)
        {
            return RefuseAsync(context, Void);
        }

        // Without the token: it must not stay in the address bar.
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/";
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return WholeAnswer.WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }
}
