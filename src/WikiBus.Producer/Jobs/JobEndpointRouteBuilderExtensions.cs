using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WikiBus.Producer;
using WikiBus.Producer.Jobs;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the route with which a job queue lets the wiki run jobs.</summary>
public static class JobEndpointRouteBuilderExtensions
{
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
}
