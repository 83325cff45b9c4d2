using System.Globalization;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Deliveries.DeadLetters;

/// <summary>The routes that list dead deliveries, replay and drop them.</summary>
internal static class DeadLetterEndpoints
{
    private const string NoLetter = "There is no such dead letter.";

    public static IEndpointRouteBuilder MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        Map("/v1/dead-letters", "GET", ListAsync);
        Map("/v1/dead-letters", "DELETE", DropManyAsync);
        Map("/v1/dead-letters/replay", "POST", ReplayManyAsync);
        Map("/v1/dead-letters/{id}", "GET", ShowAsync);
        Map("/v1/dead-letters/{id}", "DELETE", DropAsync);
        Map("/v1/dead-letters/{id}/replay", "POST", ReplayAsync);
        return routes;

        void Map(string route, string method, Func<DeliveryCall, Task> answer) =>
            routes.MapMethods(route, [method], context => DeliveryCall.AnswerAsync(context, answer));
    }

    private static async Task ListAsync(DeliveryCall call)
    {
        var query = new QueryReader(
            call.Context.Request.Query, "subscription", "stream", "since", "until", "limit", "after");
        var (limit, after) = (query.Limit(), query.After(3));
        if (await ReadAsync(call, query) is not { } selection)
        {
            return;
        }

        var page = await StoreOf(call).ListAsync(
            selection.IsWanted, selection.Filter,
            after is [var subscription, var deadAt, var number] ? (subscription, new DeadPlace(deadAt, number)) : null,
            limit);
        var next = page.HasMore && page.Letters is [.., var last]
            ? QueryReader.NextOf(
                last.Subscription.Number, last.Letter.Place.DeadAtMs, last.Letter.Number)
            : null;
        await call.WriteAsync(
            new DeadLetterList([.. page.Letters.Select(DeadLetterAnswer.Of)], next),
            DeadLetterJson.Default.DeadLetterList);
    }

    private static async Task ShowAsync(DeliveryCall call)
    {
        if (NumberOf(call) is not { } number
            || await StoreOf(call).FindAsync(call.MaySee, number) is not { } content)
        {
            await call.ProblemAsync(StatusCodes.Status404NotFound, NoLetter);
            return;
        }

        // The key that owned the subscription could read it once; rights may have changed since.
        await (call.Caller.MayReadRecord(
            content.Found.Letter.Stream, content.Wiki, ChannelParts.HostOf(content.Channel))
            ? call.WriteAsync(DeadLetterAnswer.Of(content), DeadLetterJson.Default.DeadLetterAnswer)
            : call.ProblemAsync(StatusCodes.Status403Forbidden, "The key may not read the record."));
    }

    private static async Task ReplayAsync(DeliveryCall call)
    {
        var count = NumberOf(call) is { } number
            ? await StoreOf(call).ReplayAsync(call.MaySee, new DeadFilter(Number: number))
            : new DeadLetterCount(0, 0);
        await (count switch
        {
            { Replayed: > 0 } => call.WriteAsync(count, DeadLetterJson.Default.DeadLetterCount),
            { Left: > 0 } => call.ProblemAsync(
                StatusCodes.Status409Conflict,
                "As many deliveries of the subscription wait as Deliveries:WaitingMax allows."),
            _ => call.ProblemAsync(StatusCodes.Status404NotFound, NoLetter),
        });
    }

    private static async Task ReplayManyAsync(DeliveryCall call)
    {
        if (await ReadFilterAsync(call) is { } selection)
        {
            var count = await StoreOf(call).ReplayAsync(selection.IsWanted, selection.Filter);
            await call.WriteAsync(count, DeadLetterJson.Default.DeadLetterCount);
        }
    }

    private static async Task DropAsync(DeliveryCall call)
    {
        var dropped = NumberOf(call) is { } number
            ? await DropAsync(call, new Selection(call.MaySee, new DeadFilter(Number: number)))
            : 0;
        await (dropped > 0
            ? call.WriteAsync(new DropCount(dropped), DeadLetterJson.Default.DropCount)
            : call.ProblemAsync(StatusCodes.Status404NotFound, NoLetter));
    }

    private static async Task DropManyAsync(DeliveryCall call)
    {
        if (await ReadFilterAsync(call) is { } selection)
        {
            var dropped = await DropAsync(call, selection);
            await call.WriteAsync(new DropCount(dropped), DeadLetterJson.Default.DropCount);
        }
    }

    private static Task<long> DropAsync(DeliveryCall call, Selection selection) => StoreOf(call).DropAsync(
        selection.IsWanted, selection.Filter, $"Dropped by the key {call.Caller.Id}.");

    // A request without any term would mean all: it is refused, because it is more often a mistake.
    private static async Task<Selection?> ReadFilterAsync(DeliveryCall call)
    {
        string[] names = ["subscription", "stream", "since", "until"];
        var request = call.Context.Request;
        if (names.Any(request.Query.ContainsKey))
        {
            return await ReadAsync(call, new QueryReader(request.Query, names));
        }

        await call.ProblemAsync(
            StatusCodes.Status400BadRequest, $"Which ones? Give at least one of {string.Join(", ", names)}.");
        return null;
    }

    // Null: the request is answered.
    private static async Task<Selection?> ReadAsync(DeliveryCall call, QueryReader query)
    {
        var filter = new DeadFilter(query.Text("stream"), query.Time("since"), query.Time("until"));
        if (query.Fault is { } fault)
        {
            await call.ProblemAsync(StatusCodes.Status400BadRequest, fault);
            return null;
        }

        if (query.Text("subscription") is not { } id)
        {
            return new Selection(call.MaySee, filter);
        }

        var visible = call.Context.RequestServices.GetRequiredService<VisibleSubscriptions>();
        if (visible.Find(call, id) is not { } subscription)
        {
            await call.NoSubscriptionAsync();
            return null;
        }

        return new Selection(one => one == subscription, filter);
    }

    private static DeadLetterStore StoreOf(DeliveryCall call) =>
        call.Context.RequestServices.GetRequiredService<DeadLetterStore>();

    private static long? NumberOf(DeliveryCall call) =>
        long.TryParse(call.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Selection(Func<Subscription, bool> IsWanted, DeadFilter Filter);
}
