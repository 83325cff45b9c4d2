using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using WikiBus.Events.Deki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Deki;

/// <summary>Makes the requests that publish events, with the headers that Deki gives to Dream.</summary>
internal sealed class DekiPosts(IOptions<ProducerOptions> options)
{
    /// <summary>The name of the service in logs and metrics.</summary>
    public const string Service = "deki";

    // What URIs consist of.
    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    private readonly DekiOptions _options = options.Value.Deki;

    /// <summary>Builds events of the configured wiki.</summary>
    public DekiEvents EventsAt(DateTimeOffset time, Uri? baseUri = null) => new(new DekiWiki
    {
        Id = _options.WikiId,
        ApiUri = _options.ApiUri!,
        Time = time,
        BaseUri = baseUri,
    });

    /// <summary>The request of an event; null if events of its kind are not sent.</summary>
    /// <exception cref="ArgumentException">Its channel, resource or origins are not URIs.</exception>
    public OutgoingPost? Of(DekiEvent item) => IsPageView(item.Channel) && !_options.EnablePageViewEvents
        ? null
        : new OutgoingPost(
            Service,
            _options.PublishUri!,
            Encoding.UTF8.GetBytes(item.Document),
            DreamAnswer.ContentType,
            EventCount: 1,
            Dialect: "deki",
            _options.Timeout)
        {
            Headers = [.. HeadersOf(item)],
        };

    private IEnumerable<KeyValuePair<string, string>> HeadersOf(DekiEvent item)
    {
        yield return new(DreamHeaders.Channel, Checked(item.Channel));
        if (item.Resource is { } resource)
        {
            yield return new(DreamHeaders.Resource, Checked(resource));
        }

        yield return new(DreamHeaders.Origin, Checked(string.Join(',', item.Origins)));
        if (_options.ApiKey is { } key)
        {
            yield return new("Cookie", $"{DreamKey.Cookie}={key}");
        }
    }

    // A view of a talk page is also a dependents' event of its front page.
    private bool IsPageView(string channel) =>
        channel == $"event://{_options.WikiId}/deki/pages/view"
        || channel == $"event://{_options.WikiId}/deki/pages/dependentschanged/talk/view";

    private static string Checked(string uris) => uris.Length > 0 && !uris.AsSpan().ContainsAnyExcept(s_allowed)
        ? uris
        : throw new ArgumentException("An event's channel, resource and origins are URIs.", nameof(uris));
}
