using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using WikiBus.Events.Deki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Deki;

/// <summary>Makes the requests that publish events, with the headers that Deki gives to Dream.</summary>
internal sealed class DekiPosts(IOptions<ProducerOptions> options)
{
    /// <summary>The name of the service in logs and metrics.</summary>
    public const string Service = "deki";

    /// <summary>Whose events these are, for the metrics.</summary>
    public const string Dialect = "deki";

    // What URIs consist of.
    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    private readonly DekiOptions _options = options.Value.Deki;

    /// <summary>Where events are posted.</summary>
    public Uri PublishUri => _options.PublishUri!;

    /// <summary>Builds events of the configured wiki.</summary>
    public DekiEvents EventsAt(DateTimeOffset time, Uri? baseUri = null) => new(new DekiWiki
    {
        Id = _options.WikiId,
        ApiUri = _options.ApiUri!,
        Time = time,
        BaseUri = baseUri,
    });

    /// <summary>
    /// Builds events whose base URI is the parameter <c>baseuri</c> of the request, if it is a URI of HTTP.
    /// </summary>
    public DekiEvents EventsOf(HttpContext? context, TimeProvider time) => EventsAt(time.GetUtcNow(), BaseUri(context));

    /// <summary>Whether events of this kind are sent.</summary>
    public bool IsSent(DekiEvent item) => _options.EnablePageViewEvents || !IsPageView(item.Channel);

    /// <summary>The event, if it can be sent.</summary>
    /// <exception cref="ArgumentException">Its channel, resource or origins are not URIs.</exception>
    public static DekiEvent Checked(DekiEvent item)
    {
        foreach (var uris in (string?[])[item.Channel, item.Resource, string.Join(',', item.Origins)])
        {
            if (uris is "" || uris.AsSpan().ContainsAnyExcept(s_allowed))
            {
                throw new ArgumentException("An event's channel, resource and origins are URIs.", nameof(item));
            }
        }

        return item;
    }

    /// <summary>The request of an event.</summary>
    /// <param name="item">The event.</param>
    /// <param name="id">Its id; null lets the service give it one.</param>
    /// <exception cref="ArgumentException">Its channel, resource or origins are not URIs.</exception>
    public OutgoingPost Of(DekiEvent item, string? id = null) => new(
        Service,
        PublishUri,
        Encoding.UTF8.GetBytes(item.Document),
        DreamAnswer.ContentType,
        EventCount: 1,
        Dialect,
        _options.Timeout)
    {
        Headers = [.. HeadersOf(Checked(item), id)],
    };

    private IEnumerable<KeyValuePair<string, string>> HeadersOf(DekiEvent item, string? id)
    {
        if (id is not null)
        {
            yield return new(DreamHeaders.EventId, id);
        }

        yield return new(DreamHeaders.Channel, item.Channel);
        if (item.Resource is { } resource)
        {
            yield return new(DreamHeaders.Resource, resource);
        }

        yield return new(DreamHeaders.Origin, string.Join(',', item.Origins));
        if (_options.ApiKey is { } key)
        {
            yield return new("Cookie", $"{DreamKey.Cookie}={key}");
        }
    }

    // A view of a talk page is also a dependents' event of its front page.
    private bool IsPageView(string channel) =>
        channel == $"event://{_options.WikiId}/deki/pages/view"
        || channel == $"event://{_options.WikiId}/deki/pages/dependentschanged/talk/view";

    private static Uri? BaseUri(HttpContext? context) =>
        context?.Request.Query.TryGetValue("baseuri", out var values) == true
        && Uri.TryCreate(values[0], UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : null;
}
