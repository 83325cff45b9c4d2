using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Subscribers;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Chains;

/// <summary>Talks to other pub/sub services about sets. Safe for concurrent use.</summary>
internal sealed class ChainClient(
    GuardedClients clients, DreamTargets targets, DeliveriesOptions options, TimeProvider time)
{
    /// <summary>Most bytes of an answer: the combined set of a large service.</summary>
    public const int AnswerBytesMax = SetBody.CombinedBytesMax;

    /// <summary>Comes before the access key in the URI of a set.</summary>
    public const string AccessKeyQuery = "?access-key=";

    /// <summary>The combined set of a service.</summary>
    public Task<ChainAnswer> ReadCombinedAsync(ChainLink link, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, link.Uri), link, cancellationToken);

    /// <summary>Asks for a set at a service.</summary>
    /// <param name="link">The service.</param>
    /// <param name="uri">The URI of the set, with its access key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChainAnswer> ReadSetAsync(ChainLink link, string uri, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), link, cancellationToken);

    /// <summary>Registers a set at a service.</summary>
    /// <param name="link">The service.</param>
    /// <param name="set">The set.</param>
    /// <param name="location">The location that it is to have there.</param>
    /// <param name="accessKey">The access key that it is to have there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChainAnswer> RegisterAsync(
        ChainLink link, SubscriptionSet set, string location, string accessKey, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, link.Uri) { Content = ContentOf(set) };
        request.Headers.TryAddWithoutValidation("X-Set-Location-Key", location);
        request.Headers.TryAddWithoutValidation("X-Set-Access-Key", accessKey);
        return SendAsync(request, link, cancellationToken);
    }

    /// <summary>Replaces a set at a service.</summary>
    /// <param name="link">The service.</param>
    /// <param name="set">The set.</param>
    /// <param name="uri">Its URI, with its access key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChainAnswer> ReplaceAsync(
        ChainLink link, SubscriptionSet set, string uri, CancellationToken cancellationToken) => SendAsync(
            new HttpRequestMessage(HttpMethod.Put, uri) { Content = ContentOf(set) }, link, cancellationToken);

    /// <summary>Deletes the set of this service at one that is not linked any more.</summary>
    /// <param name="there">The URI of the set, with its access key.</param>
    /// <param name="here">The set here by which the service was linked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChainAnswer> DeleteAsync(Uri there, StoredSet here, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Delete, there), targets.OfFormer(here), key: null, cancellationToken);

    /// <summary>The URI of a set with its access key.</summary>
    public static string WithKey(string uri, string accessKey) => uri + AccessKeyQuery + accessKey;

    private static ByteArrayContent ContentOf(SubscriptionSet set)
    {
        var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes(SetWriter.Write(set).ToString(SaveOptions.DisableFormatting)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/xml; charset=utf-8");
        return content;
    }

    private Task<ChainAnswer> SendAsync(
        HttpRequestMessage request, ChainLink link, CancellationToken cancellationToken) => SendAsync(
            request, targets.Of(Caller.ConfigurationId), CookieOf(link, request.RequestUri!), cancellationToken);

    private async Task<ChainAnswer> SendAsync(
        HttpRequestMessage request, TargetNetworks allowed, string? key, CancellationToken cancellationToken)
    {
        using var sent = request;
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", key);
        }

        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await clients.UseAsync(
                DreamTargets.PoolOf(Caller.ConfigurationId), allowed,
                invoker => ReadAsync(invoker, request, either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChainAnswer(0, null, [], $"no answer in {options.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ChainAnswer(0, null, [], exception.GetBaseException().Message);
        }
    }

    private static async Task<ChainAnswer> ReadAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await invoker.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellationToken);
        var location = response.Headers.Location ?? response.Content.Headers.ContentLocation;
        return new ChainAnswer(
            (int)response.StatusCode,
            location is { IsAbsoluteUri: true } ? location.GetLeftPart(UriPartial.Path) : null,
            await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private string? CookieOf(ChainLink link, Uri target)
    {
        var cookie = new SetCookie("service-key", link.Key, link.Service, Expires: null, Version: 1);
        return link.Key.Length > 0 && DreamUri.TryParse(target.AbsoluteUri, out var uri)
            ? CookieHeader.For(uri, [cookie], time.GetUtcNow())
            : null;
    }
}
