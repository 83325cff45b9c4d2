using System.Text.Json;
using Spectre.Console;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>The tables of subscriptions and their tries.</summary>
internal static class SubscriptionTables
{
    public static Table OfSubscriptions() =>
        PagedList.TableOf("subscription", "state", "lag", "waiting", "dead", "target", "last error");

    public static IEnumerable<string> SubscriptionCells(JsonElement item)
    {
        yield return PagedList.Text(item, "id");
        var (state, reason) = (PagedList.Text(item, "state"), PagedList.Text(item, "reason"));
        yield return reason.Length > 0 && reason != state ? $"{state}, {reason}" : state;
        yield return PagedList.Text(item, "lag");
        yield return PagedList.Text(item, "waiting");
        yield return PagedList.Text(item, "dead");
        yield return PagedList.Text(item, "url");
        yield return PagedList.Text(item.GetProperty("lastError"), "message");
    }

    public static Table OfDeliveries() =>
        PagedList.TableOf("ended (UTC)", "record", "try", "verdict", "status", "ms", "message");

    public static IEnumerable<string> DeliveryCells(JsonElement item)
    {
        yield return Terminal.Time(item.GetProperty("at"));
        yield return PagedList.Text(item, "record");
        yield return PagedList.Text(item, "attempt");
        yield return PagedList.Text(item, "verdict");
        yield return PagedList.Text(item, "status");
        yield return PagedList.Text(item, "milliseconds");
        yield return PagedList.Text(item, "message");
    }
}
