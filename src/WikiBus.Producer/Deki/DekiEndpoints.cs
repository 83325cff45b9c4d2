using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Producer.Deki;

namespace WikiBus.Producer;

/// <summary>Maps the routes of MindTouch Deki.</summary>
public static class DekiEndpoints
{
    /// <summary>
    /// Receives the events that a pub/sub service of Dream delivers, by <c>POST</c>. The answer is 200 after the
    /// handler's end, 400 for what is not an event of Deki, 403 without the secret, and 413 for bodies over the limit.
    /// If the handler throws, the answer is 500. Dream counts all answers except 2xx as failures. By the rules of the
    /// subscription set, it sends the event again, or removes the set after too many failures.
    /// </summary>
    /// <param name="endpoints">Where the route is added.</param>
    /// <param name="pattern">The route, as <c>/events</c>.</param>
    /// <param name="handler">Takes an event; the services are those of the request.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is not valid.</exception>
    public static IEndpointConventionBuilder MapDekiRecipient(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<DekiDelivery, IServiceProvider, CancellationToken, Task> handler,
        DekiRecipientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(handler);
        var recipient = new DekiRecipient(handler, options ?? new DekiRecipientOptions());
        return endpoints.MapPost(pattern, recipient.HandleAsync);
    }

    /// <summary>
    /// Takes custom page messages, by <c>POST {prefix}/pages/{page}/message/{path}</c>, and publishes them as
    /// <c>pages/message/{path}</c>. The wiki's <see cref="IDekiPages"/> finds the user and the page. The answer is 200
    /// without a body; 403 if nobody is logged in; 404 without a page that the user may read; 400 if the body has more
    /// than 128 KB, or is neither plain text nor a form nor XML. Protect the route as other routes of the wiki if
    /// browsers log in with cookies: pages of other sites can send forms.
    /// </summary>
    /// <param name="endpoints">Where the route is added.</param>
    /// <param name="prefix">The path of the API.</param>
    /// <exception cref="InvalidOperationException"><c>AddWikiBusDeki</c> was not called, or there is no
    /// <see cref="IDekiPages"/>.</exception>
    public static IEndpointConventionBuilder MapDekiMessages(
        this IEndpointRouteBuilder endpoints, string prefix = "/@api/deki")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        if (!services.IsService(typeof(IDekiEventPublisher)) || !services.IsService(typeof(IDekiPages)))
        {
            throw new InvalidOperationException("Call AddWikiBusDeki, and register an IDekiPages.");
        }

        return endpoints.MapPost(prefix.TrimEnd('/') + DekiMessageEndpoint.Route, DekiMessageEndpoint.HandleAsync);
    }
}
