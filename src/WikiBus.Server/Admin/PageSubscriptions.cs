using System.Text.Json;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Http;

namespace WikiBus.Server.Admin;

/// <summary>
/// The subscriptions that the page shows: to a key its own, and all to a key that may manage and to a session. Others
/// get an empty list.
/// </summary>
internal static class PageSubscriptions
{
    /// <summary>Most subscriptions that are listed: those that need a person first.</summary>
    public const int CountMax = 200;

    public static async Task WriteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var access = services.GetRequiredService<AccessControl>();
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        var visible = services.GetRequiredService<Subscriptions>().ListAll()
            .Where(one => MaySee(caller, one)).ToList();
        var items = visible
            .OrderBy(static one => one.State == "active")
            .ThenByDescending(static one => one.LagTime)
            .ThenBy(static one => one.Id, StringComparer.Ordinal)
            .Take(CountMax)
            .Select(PageSubscription.Of)
            .ToList();
        context.Response.Headers.CacheControl = "no-store";
        var list = new PageSubscriptionList(items, visible.Count);
        await WholeAnswer.WriteAsync(
            context, "application/json; charset=utf-8",
            JsonSerializer.SerializeToUtf8Bytes(list, PageJson.Default.PageSubscriptionList));
    }

    private static bool MaySee(Caller caller, SubscriptionStatus subscription) =>
        caller.MayManage
        || caller.Id == PageSessions.CallerId
        || ((caller.Roles & Role.Subscribe) != Role.None && caller.Id == subscription.Owner);
}

/// <summary>The answer to the page.</summary>
/// <param name="Items">At most <see cref="PageSubscriptions.CountMax"/>.</param>
/// <param name="Count">How many there are.</param>
internal sealed record PageSubscriptionList(IReadOnlyList<PageSubscription> Items, int Count);
