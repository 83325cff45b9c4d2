using WikiBus.Server.Access;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Answers;
using WikiBus.Server.Intake.Bodies;
using WikiBus.Server.Intake.Entry;
using WikiBus.Server.Intake.Filling;
using WikiBus.Server.Intake.Judging;
using WikiBus.Server.Intake.Settings;
using WikiBus.Server.Options;

namespace WikiBus.Server.Intake;

/// <summary>Registers intake and its routes.</summary>
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
            .AddSingleton<ErrorEventQueue>()
            .AddSingleton<RefusedEvents>()
            .AddSingleton<AppendWait>()
            .AddSingleton<EventIntake>()
            .AddHostedService<ErrorEvents>()
            .AddSingleton<HastyEvents>()
            .AddHostedService(static provider => provider.GetRequiredService<HastyEvents>())
            .AddSingleton<AnswerSender>()
            .AddSingleton<EventsHandler>()
            .AddSingleton(new SpecSection(IntakeSpec.Paths) { Schemas = IntakeSpec.Schemas });
    }

    /// <summary>Handles <c>POST /v1/events</c> before any other middleware; it answers all faults by itself.</summary>
    public static IApplicationBuilder UseEvents(this IApplicationBuilder application)
    {
        var handler = application.ApplicationServices.GetRequiredService<EventsHandler>();
        return application.Use(next => context =>
            HttpMethods.IsPost(context.Request.Method) && EventsPath.Matches(context)
                ? handler.HandlePostAsync(context)
                : next(context));
    }

    /// <summary>Answers <c>/?spec</c> before routing, since the page is at <c>/</c>.</summary>
    public static IApplicationBuilder UseIntake(this IApplicationBuilder application) =>
        application.UseMiddleware<SpecMiddleware>();

    /// <summary>Maps EventGate's other routes.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        if (services.GetRequiredService<IntakeOptions>().ErrorStream is { Length: > 0 } errorStream)
        {
            // Error events repeat events, which may be those of private streams.
            services.GetRequiredService<AccessControl>().KeepPrivate(errorStream);
        }

        IntakeEndpoints.Map(routes);
        return routes;
    }
}
