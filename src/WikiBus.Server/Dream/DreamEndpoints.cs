using WikiBus.Server.Dream.Answers;
using WikiBus.Server.Dream.Publishing;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Subscribers;

namespace WikiBus.Server.Dream;

/// <summary>The routes below <see cref="DreamOptions.Path"/>.</summary>
internal static class DreamEndpoints
{
    public static IEndpointRouteBuilder MapDream(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var path = services.GetRequiredService<DreamOptions>().Path;
        var subscribers = services.GetRequiredService<SubscriberRoutes>();
        routes.MapDreamPath(path + "/publish", ("POST", services.GetRequiredService<PublishRoute>().PublishAsync));
        routes.MapDreamPath(
            path + "/subscribers", ("GET", subscribers.CombinedAsync), ("POST", subscribers.CreateAsync));
        routes.MapDreamPath(
            $"{path}/subscribers/{{{SubscriberRoutes.Location}}}", ("GET", subscribers.ShowAsync),
            ("PUT", subscribers.ReplaceAsync), ("POST", subscribers.ReplaceAsync), ("DELETE", subscribers.DeleteAsync));
        routes.MapDreamPath(path + "/diagnostics/subscriptions", ("GET", subscribers.ListAsync));
        routes.MapFallback(path + "/{**rest}", DreamAnswers.NotFoundAsync);
        return routes;
    }
}
