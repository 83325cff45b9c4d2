using Microsoft.Extensions.Hosting;
using WikiBus.Events.Deki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Deki;

/// <summary>
/// Announces the start and the stop of the wiki. The host stops its services in the reverse order of their
/// registration, so <c>site/stop</c> comes after the last request, and before the queue takes no more.
/// </summary>
internal sealed class DekiSiteEvents(DekiPosts posts, PostQueue queue, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => AddAsync(events => events.SiteStarting());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => AddAsync(events => events.SiteStarted());

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => AddAsync(events => events.SiteStopped());

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task AddAsync(Func<DekiEvents, IReadOnlyList<DekiEvent>> build)
    {
        foreach (var item in build(posts.EventsAt(time.GetUtcNow())))
        {
            queue.TryAdd(posts.Of(item));
        }

        return Task.CompletedTask;
    }
}
