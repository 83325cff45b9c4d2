using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WikiBus.Producer.Deki;

/// <summary>
/// Registers the subscription set when the host starts, and tries again until the service takes it. If the owner has a
/// set there already, it is replaced.
/// </summary>
internal sealed class DekiSubscriber(
    IOptions<DekiSubscriptionOptions> options, TimeProvider time, ILogger<DekiSubscriber> logger) : BackgroundService
{
    private static readonly TimeSpan s_delayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(60);

    private readonly DekiSubscriptionOptions _options = options.Value;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    private Uri? _set;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_set is { } set && _options.DeleteAtStop)
        {
            var answer = await SendAsync(HttpMethod.Delete, set, document: null, cancellationToken);
            if (!answer.IsDone)
            {
                logger.NotUnsubscribed(answer.Text);
            }
        }
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? logged = null;
        try
        {
            for (var delay = s_delayMin; await TrySubscribeAsync(stoppingToken) is { } fault; delay = Longer(delay))
            {
                if (fault != logged)
                {
                    logger.NotSubscribed(fault);
                    logged = fault;
                }

                await Task.Delay(delay, time, stoppingToken);
            }

            logger.Subscribed();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start tries again.
        }
    }

    // Null: the service has the set.
    private async Task<string?> TrySubscribeAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Post, _options.SubscribersUri!, Document(), cancellationToken);
        if (answer is { Status: HttpStatusCode.Conflict, Location: { } taken })
        {
            answer = await SendAsync(HttpMethod.Put, WithKey(taken), Document(), cancellationToken);
            _set = answer.IsDone ? WithKey(taken) : null;
        }
        else if (answer is { IsDone: true, Location: { } created })
        {
            _set = WithKey(created);
        }

        return answer.IsDone ? null : answer.Text;
    }

    private async Task<Answer> SendAsync(
        HttpMethod method, Uri uri, XElement? document, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, uri);
        if (document is not null)
        {
            request.Content = new ByteArrayContent(
                Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting)));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(DreamAnswer.ContentType);
            request.Headers.TryAddWithoutValidation("X-Set-Access-Key", _options.AccessKey);
        }

        if (_options.ApiKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"{DreamKey.Cookie}={key}");
        }

        try
        {
            using var response = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var location = response.Headers.Location ?? response.Content.Headers.ContentLocation;
            return new Answer(response.StatusCode, IsHttp(location) ? location : null, Fault: null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(0, null, $"no answer in {_options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new Answer(0, null, exception.GetBaseException().Message);
        }
    }

    // The delay itself is limited: doubled without an end, it would exceed what a TimeSpan can hold.
    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < s_delayMax ? delay * 2 : s_delayMax;

    private static bool IsHttp(Uri? uri) => uri is { IsAbsoluteUri: true }
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private Uri WithKey(Uri set) => new($"{set.GetLeftPart(UriPartial.Path)}?access-key={_options.AccessKey}");

    private XElement Document()
    {
        var recipient = new XElement("recipient", new XElement("uri", _options.RecipientUri));
        recipient.SetAttributeValue("authtoken", _options.AuthToken);
        var cookie = _options.RecipientSecret is { } secret
            ? new XElement(
                "set-cookie", new XElement("name", DreamKey.Cookie), new XElement("uri", _options.RecipientUri),
                new XElement("value", secret))
            : null;
        return new XElement(
            "subscription-set",
            new XElement("uri.owner", _options.OwnerUri),
            new XElement(
                "subscription",
                new XAttribute("id", "1"),
                _options.Channels.Select(static channel => new XElement("channel", channel)),
                _options.Resources.Select(static resource => new XElement("uri.resource", resource)),
                cookie, recipient));
    }

    private sealed record Answer(HttpStatusCode Status, Uri? Location, string? Fault)
    {
        public bool IsDone => (int)Status is (>= 200 and <= 299) or 304;

        public string Text => Fault ?? $"it answered {(int)Status}" + (Status is HttpStatusCode.Forbidden
            ? "; ApiKey has to be a key with the role subscribe, and AccessKey that of the set"
            : "");
    }
}
