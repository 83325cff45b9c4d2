using Microsoft.AspNetCore.Http;
using WikiBus.Events.Deki;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox;

/// <summary>Publishes the events of Deki into the transaction of the scope.</summary>
internal sealed class OutboxDekiPublisher(
    DekiPosts posts, OutboxScope scope, IHttpContextAccessor requests, TimeProvider clock) : IDekiEventPublisher
{
    private static readonly OutboxQueue s_queue = new(DekiPosts.Dialect, DekiPosts.Service);

    public DekiEvents Events { get; } = posts.EventsOf(requests.HttpContext, clock);

    public void Publish(params IReadOnlyList<DekiEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        scope.Add([.. events.Where(posts.IsSent).Select(item => new OutboxEvent(
            s_queue, OutboxBody.WriteDeki(Guid.CreateVersion7(clock.GetUtcNow()), DekiPosts.Checked(item))))]);
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) => scope.FlushAsync(cancellationToken);
}
