using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WikiBus.Producer.Jobs;

namespace WikiBus.Producer;

/// <summary>Registers what runs jobs, and maps its route.</summary>
public static class JobServices
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

    /// <summary>
    /// Maps <c>POST …/eventbus/v0/internal/job/execute</c>, with which a job queue lets the wiki run a job. MediaWiki
    /// has it below <c>/rest.php</c>: <c>app.MapGroup("/rest.php").MapRunJob()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Jobs are to be run, and <see cref="ProducerOptions.SecretKeys"/> has no key with which they are signed.
    /// </exception>
    public static IEndpointConventionBuilder MapRunJob(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<ProducerOptions>>().Value;
        if (options is { EnableRunJob: true, SecretKeys.Count: 0 })
        {
            throw new InvalidOperationException(
                "SecretKeys must have a key to run jobs (or EnableRunJob must be false): jobs are signed with it.");
        }

        return endpoints.Map(
            RunJobEndpoint.Path, endpoints.ServiceProvider.GetRequiredService<RunJobEndpoint>().HandleAsync);
    }

    internal static void AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton<JobRunner>();
        services.TryAddSingleton<RunJobEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, JobOptionsValidator>());
    }
}
