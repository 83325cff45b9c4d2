using WikiBus.Server.Access;
using WikiBus.Server.Http;
using WikiBus.Server.Options;

namespace WikiBus.Server.Intake;

/// <summary>Registers intake.</summary>
internal static class IntakeServices
{
    public static IServiceCollection AddIntake(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<IntakeOptions>(configuration);
        return services
            .AddSingleton<IntakeDiagnostics>()
            .AddSingleton<BytesInFlight>()
            .AddSingleton<IntakeBatchPool>()
            .AddSingleton<BodyReader>()
            .AddSingleton<FillPlans>()
            .AddSingleton<StreamCheck>()
            .AddSingleton<EventJudge>()
            .AddSingleton<ErrorEventQueue>()
            .AddSingleton<EventIntake>()
            .AddHostedService<ErrorEvents>()
            .AddSingleton<HastyEvents>()
            .AddHostedService(static provider => provider.GetRequiredService<HastyEvents>())
            .AddSingleton<AnswerSender>()
            .AddSingleton<EventsHandler>()
            .AddSingleton(new SpecSection(IntakeSpec.Paths));
    }

    /// <summary><c>POST /v1/events</c>, which goes before all else; no fault leaves it.</summary>
    public static IApplicationBuilder UseEvents(this IApplicationBuilder application)
    {
        var handler = application.ApplicationServices.GetRequiredService<EventsHandler>();
        return application.Use(next => context =>
            HttpMethods.IsPost(context.Request.Method) && EventsPath.Matches(context)
                ? handler.HandlePostAsync(context)
                : next(context));
    }

    /// <summary>What goes before the routing: <c>/?spec</c>, before the page that stands at <c>/</c>.</summary>
    public static IApplicationBuilder UseIntake(this IApplicationBuilder application) =>
        application.UseMiddleware<SpecMiddleware>();

    /// <summary>EventGate's other routes.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        if (services.GetRequiredService<IntakeOptions>().ErrorStream is { Length: > 0 } errorStream)
        {
            // Error events hold events as they came, those of private streams too.
            services.GetRequiredService<AccessControl>().KeepPrivate(errorStream);
        }

        IntakeEndpoints.Map(routes);
        return routes;
    }
}
