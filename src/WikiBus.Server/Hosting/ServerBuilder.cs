using WikiBus.Server.Access;
using WikiBus.Server.Admin;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Dream;
using WikiBus.Server.Hosting.Connections;
using WikiBus.Server.Intake;
using WikiBus.Server.Intake.Settings;
using WikiBus.Server.Options;
using WikiBus.Server.Schemas;
using WikiBus.Server.State;
using WikiBus.Server.Streaming;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streams;
using WikiBus.Server.Webhooks;
using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>Puts the process together from its features, in the order of the flow.</summary>
internal static class ServerBuilder
{
    /// <param name="configuration">The configuration from <see cref="ServerConfiguration"/>.</param>
    /// <param name="seams">Replaces services at the seams (time, files, logging); null outside tests.</param>
    public static WebApplicationBuilder Create(IConfiguration configuration, Action<IServiceCollection>? seams)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(TelemetryExport.Variables());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IFileSystem>(new PhysicalFileSystem());
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        services.AddServerLogging(configuration);
        services.AddListening(configuration);
        services.AddRoutingCore();
        services.AddFeatures(configuration);
        seams?.Invoke(services);
        return builder;
    }

    /// <summary>The features of the bus, in the order of the flow.</summary>
    private static void AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        var data = services.Registered<HostingOptions>().Data;
        services.AddFeatureOptions<LogOptions>(configuration);
        services.AddState(data);
        services.AddAccess(configuration, data);
        services.AddSchemas(configuration, data);
        services.AddStreams(configuration, data);
        services.AddIntake(configuration);
        services.AddStreaming(configuration);
        services.AddDeliveries(configuration);
        services.AddWebhooks(configuration);
        services.AddDream(configuration);
        services.AddAdmin();
    }

    /// <summary>Their routes, in the same order.</summary>
    public static void MapFeatures(this WebApplication application)
    {
        // The collector starts before the features make their counters, so that these begin at 0.
        application.Services.GetRequiredService<MetricCollector>();
        application.Services.OpenState();
        application.UseStrictFraming();
        application.UseEvents();
        application.UseMiddleware<UnexpectedFaults>();
        application.UseIntake();
        application.UseRouting();
        application.MapAccess();
        application.MapSchemas();
        application.MapIntake();
        application.MapStreaming();
        application.MapDeliveries();
        application.MapWebhooks();
        application.MapDream();
        application.MapAdmin();
        application.MapFallback("{**path}", Http.NotFoundPage.WriteAsync);
    }

    /// <exception cref="StartupException">The configuration has faults; the message lists all.</exception>
    public static HostingOptions CheckOptions(IServiceCollection services, IConfiguration configuration)
    {
        var faults = services.OptionFaults();
        faults.AddUnknownKeys(configuration, OptionVariable.Find);
        AddFaultOfConnections(services, faults);
        FrameworkOptions.Check(services, configuration, faults);
        if (faults.All is { Count: > 0 } all)
        {
            var lines = string.Join(Environment.NewLine, all.Select(static fault => "  " + fault));
            throw new StartupException(
                $"The configuration has faults ({all.Count}):{Environment.NewLine}{lines}", ExitCodes.Usage);
        }

        return services.Registered<HostingOptions>();
    }

    /// <summary>Readers stay for hours. If they could take every connection, nobody could publish.</summary>
    private static void AddFaultOfConnections(IServiceCollection services, OptionFaults faults)
    {
        var all = services.Registered<HostingOptions>().ConnectionsMax;
        var readers = services.Registered<StreamingOptions>().ConnectionsMax;
        if (readers >= all)
        {
            faults.Add(new OptionFault(
                "Streaming:ConnectionsMax",
                $"{readers} is not allowed; 1 to {all - 1} is, less than Hosting:ConnectionsMax ({all})",
                DependsOn: "Hosting:ConnectionsMax"));
        }
    }

    /// <summary>
    /// Lowers the limits of connections to what the system lets the process open. Call it once, before the services are
    /// built.
    /// </summary>
    /// <exception cref="StartupException">The system gives too little.</exception>
    public static void FitConnections(IServiceCollection services, DescriptorBudget descriptors)
    {
        if (!descriptors.IsEnough)
        {
            throw new StartupException(
                $"Too few open files are allowed: {descriptors.Limit}, but at least {DescriptorBudget.LimitMin} are "
                + "needed; LimitNOFILE (systemd) or 'ulimit -n' sets how many",
                ExitCodes.Failed);
        }

        var hosting = services.Registered<HostingOptions>();
        var streaming = services.Registered<StreamingOptions>();
        var limits = ConnectionLimits.Of(
            hosting.ConnectionsMax, hosting.ConnectionsPerAddressMax, descriptors);
        if (limits.All < hosting.ConnectionsMax)
        {
            streaming.ConnectionsMax = limits.OfReaders(streaming.ConnectionsMax);
        }

        services.AddSingleton(limits);
        services.AddSingleton(descriptors);
    }

    public static EventLogOptions StorageOptions(IServiceCollection services, LogNotices notices)
    {
        var intake = services.Registered<IntakeOptions>();
        return services.Registered<LogOptions>().ToEventLogOptions() with
        {
            QueueBytesMax = intake.BytesInFlightMax,
            DedupeIdsMax = intake.DedupeIdsMax,
            IdFilesOpenMax = services.Registered<DescriptorBudget>().IdFilesMax,
            StreamCountMax = services.Registered<StreamsOptions>().CountMax,
            OnNotice = notices.Take,
        };
    }

    public static InheritedSockets InheritedSockets(IServiceCollection services) =>
        services.Registered<InheritedSockets>();

    public static TimeProvider Time(IServiceCollection services) => services.Registered<TimeProvider>();

    public static IFileSystem Files(IServiceCollection services) => services.Registered<IFileSystem>();

    /// <summary>A registered instance that is needed before the services are built.</summary>
    private static T Registered<T>(this IServiceCollection services) =>
        (T)services.Last(static service => service.ServiceType == typeof(T)).ImplementationInstance!;
}
