using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Api;

namespace WikiBus.Server.Webhooks;

/// <summary>
/// The routes of subscriptions. A key with the role <c>subscribe</c> uses its own, a key that may manage all.
/// </summary>
internal static class WebhooksEndpoints
{
    private const string List = "/v1/subscriptions";
    private const string One = List + "/{id}";

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var definitions = routes.ServiceProvider.GetRequiredService<DefinitionRoutes>();
        var operations = routes.ServiceProvider.GetRequiredService<OperationRoutes>();
        Map(routes, "GET", List, definitions.ListAsync);
        Map(routes, "POST", List, definitions.CreateAsync);
        Map(routes, "GET", One, definitions.GetAsync);
        Map(routes, "PUT", One, definitions.ReplaceAsync);
        Map(routes, "DELETE", One, definitions.DeleteAsync);
        Map(routes, "POST", One + "/pause", operations.PauseAsync);
        Map(routes, "POST", One + "/resume", operations.ResumeAsync);
        Map(routes, "POST", One + "/replay", operations.ReplayAsync);
        Map(routes, "DELETE", One + "/replay", operations.CancelReplayAsync);
        Map(routes, "POST", One + "/test", operations.TestAsync);
        Map(routes, "POST", One + "/rotate", operations.RotateAsync);
        return routes;
    }

    private static void Map(
        IEndpointRouteBuilder routes, string method, string path, Func<WebhookCall, Task> answer)
    {
        var subscriptions = routes.ServiceProvider.GetRequiredService<Subscriptions>();
        routes.MapMethods(path, [method], context => DeliveryCall.AnswerAsync(
            context, call => answer(new WebhookCall(call.Context, call.Caller, subscriptions))));
    }
}
