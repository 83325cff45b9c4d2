using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.History;

/// <summary>The route that lists the tries of a subscription.</summary>
internal static class HistoryEndpoints
{
    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(
            "/v1/subscriptions/{id}/deliveries", ["GET"], context => DeliveryCall.AnswerAsync(context, ListAsync));
        return routes;
    }

    private static async Task ListAsync(DeliveryCall call)
    {
        var services = call.Context.RequestServices;
        var query = new QueryReader(call.Context.Request.Query, "record", "verdict", "limit", "after");
        var (name, verdict) = (query.Record("record"), query.Verdict("verdict"));
        var (limit, before) = (query.Limit(), query.After(1));
        if (query.Fault is { } fault)
        {
            await call.ProblemAsync(StatusCodes.Status400BadRequest, fault);
            return;
        }

        if (services.GetRequiredService<VisibleSubscriptions>().Find(call) is not { } subscription)
        {
            await call.NoSubscriptionAsync();
            return;
        }

        var filter = new HistoryFilter(
            Position: name?.Position, Stream: name?.Stream, Offset: name?.Offset ?? 0, Verdict: verdict);
        var state = services.GetRequiredService<StateDatabase>();
        var rows = await services.GetRequiredService<Committer>().InTurnAsync(() => state.ReadAsync(
            connection => HistoryTable.Read(connection, subscription.Number, filter, before?[0], limit + 1)));
        var page = rows.Take(limit).ToList();
        var next = rows.Count > limit ? QueryReader.NextOf(page[^1].Number) : null;
        await call.WriteAsync(
            new TryList([.. page.Select(static row => TryAnswer.Of(row.Try))], next),
            HistoryJson.Default.TryList);
    }
}
