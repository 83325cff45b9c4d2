using Microsoft.Extensions.DependencyInjection;
using WikiBus.Producer;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the producer of WikiBus to the requests of a wiki.</summary>
public static class ProducerApplicationBuilderExtensions
{
    /// <summary>
    /// Flushes the events of each request when its response has ended, so that no page waits for a service. It belongs
    /// before the middleware and the endpoints that publish events.
    /// </summary>
    /// <param name="app">The application.</param>
    public static IApplicationBuilder UseWikiBusProducer(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            // Callbacks run in reverse order. That of the scope's end is there as soon as a service was asked for.
            var publisher = context.RequestServices.GetRequiredService<IWikiEventPublisher>();
            context.Response.OnCompleted(() => publisher.FlushAsync(CancellationToken.None));
            if (context.RequestServices.GetService<IDekiEventPublisher>() is { } deki)
            {
                context.Response.OnCompleted(() => deki.FlushAsync(CancellationToken.None));
            }

            return next(context);
        });
}
