using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Sending;

/// <summary>Makes the requests with events of MediaWiki, by the settings of their service.</summary>
internal sealed class EventPosts(IOptions<ProducerOptions> options, IHttpContextAccessor requests)
{
    private const string ContentType = "application/json";
    private const int ClientIpLengthMax = 256;

    private static readonly string s_userAgent =
        "WikiBus.Producer/" + typeof(EventPosts).Assembly.GetName().Version!.ToString(3);

    /// <summary>A request to a service that the settings have.</summary>
    public OutgoingPost Of(string name, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var service = options.Value.Services[name];
        return new OutgoingPost(
            name,
            new Uri(service.Url),
            EventBatches.Write(events),
            ContentType,
            events.Count,
            EventSender.Dialect,
            service.Timeout)
        {
            Headers = HeadersOf(service),
        };
    }

    private List<KeyValuePair<string, string>> HeadersOf(EventServiceOptions service)
    {
        var headers = new List<KeyValuePair<string, string>> { new("user-agent", s_userAgent) };
        if (service.ForwardsClientIp && ClientIp() is { Length: > 0 } address)
        {
            headers.Add(new("x-client-ip", address));
        }

        if (service.ApiKey is { } key)
        {
            headers.Add(new("authorization", $"Bearer {key}"));
        }

        headers.AddRange(service.Headers);
        return headers;
    }

    private string? ClientIp() =>
        options.Value.Generation == EventGeneration.Rel139
            ? ClientIpOfCaller()
            : requests.HttpContext?.Connection.RemoteIpAddress is { } address
                ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
                : null;

    // Anybody can send this header. With what a request cannot carry, none of the page's events would be delivered.
    private string? ClientIpOfCaller()
    {
        var value = requests.HttpContext?.Request.Headers["X-Client-IP"].ToString();
        return value is { Length: <= ClientIpLengthMax } && !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? value
            : null;
    }
}
