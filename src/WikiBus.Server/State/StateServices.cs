using WikiBus.Storage;

namespace WikiBus.Server.State;

/// <summary>Adds the state database. Each feature registers its <see cref="StateSchema"/>.</summary>
internal static class StateServices
{
    /// <param name="services">The services to add to.</param>
    /// <param name="data">The data directory.</param>
    public static IServiceCollection AddState(this IServiceCollection services, string data) => services
        .AddSingleton<StateMetrics>()
        .AddSingleton(provider => StateDatabase.Open(
            data,
            [.. provider.GetServices<StateSchema>()],
            provider.GetRequiredService<IFileSystem>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StateDatabase>>()));

    /// <summary>Opens the database now, so that the start fails if it is damaged.</summary>
    /// <exception cref="StateException">It cannot be used; the message says why, and what to do.</exception>
    public static void OpenState(this IServiceProvider services) => services.GetRequiredService<StateMetrics>();
}
