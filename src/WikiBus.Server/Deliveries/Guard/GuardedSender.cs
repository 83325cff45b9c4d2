using System.Net;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// Sends a request to a target that a user chose. Every such request goes through here: first tries, retries, probes,
/// replays and tests.
/// </summary>
/// <remarks>
/// It uses HTTP/1.1, where a connection carries one request at a time. So a target that resets a connection breaks one
/// request, and answers cannot delay each other.
/// </remarks>
internal sealed class GuardedSender(GuardedClients clients, DeliveriesOptions options, TimeProvider time)
{
    // Our own door sees by it that a request came from here, and does not trust it.
    private const string Via = "1.1 wikibus";

    private static readonly string s_userAgent =
        $"WikiBus/{typeof(GuardedSender).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Sends the request. Throws only if the caller cancels before there is an answer.</summary>
    /// <param name="owner">Whose connections it may use.</param>
    /// <param name="networks">What the owner may target now.</param>
    /// <param name="request">The request; it is changed, and is not sent twice.</param>
    /// <param name="timeout">The time for the request and its answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SendResult> SendAsync(
        string owner,
        TargetNetworks networks,
        HttpRequestMessage request,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("Via", Via);
        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", s_userAgent);
        }

        return clients.UseAsync(
            owner, networks, invoker => SendAsync(invoker, request, timeout, cancellationToken));
    }

    private async Task<SendResult> SendAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new Limit(timeout, time, cancellationToken);
        try
        {
            using var response = await invoker.SendAsync(request, limit.Token);
            var retryAfter = response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
                ? AnswerReader.RetryAfter(values.ToString(), time.GetUtcNow()) : null;
            var excerpt = await AnswerReader.ReadBodyAsync(response, options.AnswerBytesMax, limit.Token);
            return new SendResult.Answered((int)response.StatusCode, retryAfter, excerpt);
        }
        catch (OperationCanceledException) when (limit.IsOver)
        {
            return new SendResult.Broken(BrokenReason.Timeout, $"no answer in {timeout.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            return new SendResult.Unreached(
                UnreachedReason.ConnectTimeout, $"no connection in {options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException exception)
        {
            return ToResult(exception);
        }
    }

    private static SendResult ToResult(HttpRequestException exception) => exception.HttpRequestError switch
    {
        _ when exception.InnerException is ConnectException blocked =>
            new SendResult.Unreached(blocked.Reason, blocked.Message),
        HttpRequestError.SecureConnectionError => new SendResult.Unreached(UnreachedReason.Tls, Innermost(exception)),
        HttpRequestError.ConnectionError => new SendResult.Unreached(UnreachedReason.Refused, Innermost(exception)),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
            new SendResult.Broken(BrokenReason.Protocol, Innermost(exception)),
        _ => new SendResult.Broken(BrokenReason.Reset, Innermost(exception)),
    };

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
