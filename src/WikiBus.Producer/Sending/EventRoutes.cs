using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Settings;

namespace WikiBus.Producer.Sending;

/// <summary>Finds the service of each event of MediaWiki. Events that are not enabled are counted.</summary>
internal sealed class EventRoutes(
    IOptions<ProducerOptions> options, SendingDiagnostics diagnostics, ILogger<EventSender> logger)
{
    private readonly StreamRoutes _routes = new(options.Value);

    /// <summary>The events of each service, both in order.</summary>
    /// <param name="events">The events.</param>
    /// <param name="errors">Gets what is wrong, in the words of EventBus.</param>
    public OrderedDictionary<string, List<MediaWikiEvent>> GroupByService(
        IReadOnlyList<MediaWikiEvent> events, List<string> errors)
    {
        if (events.Count == 0)
        {
            errors.Add("Provided event list is empty");
        }

        var byService = new OrderedDictionary<string, List<MediaWikiEvent>>(StringComparer.Ordinal);
        foreach (var item in events)
        {
            if (ServiceOf(item) is { } service)
            {
                byService.TryAdd(service, []);
                byService[service].Add(item);
            }
            else
            {
                var error = string.Create(
                    CultureInfo.InvariantCulture, $"Events of type '{(int)item.Kind}' are not enqueueable");
                if (!errors.Contains(error))
                {
                    errors.Add(error);
                }
            }
        }

        return byService;
    }

    private string? ServiceOf(MediaWikiEvent item)
    {
        var service = _routes.ServiceOf(item.Stream);
        var reason = !options.Value.EnabledKinds.HasFlag(item.Kind) ? "kind_not_enabled"
            : service is null ? "stream_not_enabled"
            : null;
        if (reason is null)
        {
            return service;
        }

        diagnostics.Dropped(item, reason);
        logger.NotEnabled(item.Stream, reason);
        return null;
    }
}
