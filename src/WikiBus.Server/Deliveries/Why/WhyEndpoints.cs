using WikiBus.Server.Deliveries.Api;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>The route that says why a record did or did not arrive.</summary>
internal static class WhyEndpoints
{
    public static IEndpointRouteBuilder MapWhy(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/why", ["GET"], context => DeliveryCall.AnswerAsync(context, AnswerAsync));
        return routes;
    }

    private static async Task AnswerAsync(DeliveryCall call)
    {
        var services = call.Context.RequestServices;
        var query = new QueryReader(call.Context.Request.Query, "record", "subscription");
        var (id, _) = (query.Required("subscription"), query.Required("record"));
        var name = query.Record("record");
        if (query.Fault is { } fault)
        {
            await call.ProblemAsync(StatusCodes.Status400BadRequest, fault);
            return;
        }

        var subscription = services.GetRequiredService<VisibleSubscriptions>().Find(call, id);
        var facts = subscription is null
            ? null
            : await services.GetRequiredService<WhySearch>().FindAsync(subscription, name!);
        if (facts is null)
        {
            await call.NoSubscriptionAsync();
            return;
        }

        var answer = new WhyJudge(facts).Judge();
        if (answer.State == WhyState.UnknownRecord)
        {
            call.Context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        await call.WriteAsync(answer, WhyJson.Default.WhyAnswer);
    }
}
