using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
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
        return endpoints.MapPost(pattern, new DekiRecipient(handler, options ?? new DekiRecipientOptions()).HandleAsync);
    }
}
