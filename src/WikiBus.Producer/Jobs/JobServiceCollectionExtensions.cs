using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WikiBus.Producer;
using WikiBus.Producer.Jobs;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what runs jobs.</summary>
public static class JobServiceCollectionExtensions
{
    /// <summary>Registers the handler for the jobs of one type. The last one for a type counts.</summary>
    /// <param name="services">The services.</param>
    /// <param name="type">The type, as <c>refreshLinks</c>; upper and lower case differ (<c>$wgJobClasses</c>).</param>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services, string type)
        where THandler : class, IJobHandler
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        return services.AddKeyedScoped<IJobHandler, THandler>(type);
    }

    internal static void AddJobs(this IServiceCollection services)
    {
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, JobOptionsValidator>());
        services.TryAddSingleton<JobRunner>();
        services.TryAddSingleton<RunJobEndpoint>();
        services.TryAddScoped<IJobQueue, EventJobQueue>();
    }
}
