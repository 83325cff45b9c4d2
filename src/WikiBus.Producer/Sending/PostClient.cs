using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Sending;

/// <summary>Makes one request with events, and judges the answer.</summary>
internal sealed class PostClient(
    IHttpClientFactory clients, SendingDiagnostics diagnostics, TimeProvider time, ILogger<PostClient> logger)
{
    /// <summary>The name of the HTTP client, for those who configure it.</summary>
    public const string HttpClientName = "WikiBus.Producer";

    /// <summary>Under this key, the request has the events that it was made from.</summary>
    public static readonly HttpRequestOptionsKey<OutgoingPost> PostKey = new("WikiBus.Producer.Post");

    // A service lists the events that it refused with their text, which can take more bytes than in the request.
    private const int AnswerBytesMax = 16 << 20;
    private const int AnswerFactorMax = 4;

    private readonly ConcurrentDictionary<string, PostResult> _last = new(StringComparer.Ordinal);

    /// <summary>The last result of each service.</summary>
    public IEnumerable<PostResult> LastResults => _last.Values;

    /// <summary>Posts events once, and judges the answer. Only a cancellation makes it throw.</summary>
    public async Task<PostResult> PostAsync(OutgoingPost post, CancellationToken cancellation)
    {
        var answer = await ExchangeAsync(
            post, status => status == (int)HttpStatusCode.MultiStatus, cancellation).ConfigureAwait(false);
        var result = Judge(post, answer);
        _last[post.Service] = result;
        diagnostics.Posted(post, result);
        if (result.Error is { } error)
        {
            logger.NotDelivered(error, post.Service, result.FailedCount, post.EventCount);
        }

        return result;
    }

    /// <summary>Posts events once. Only <paramref name="cancellation"/> makes it throw.</summary>
    /// <param name="post">The request.</param>
    /// <param name="readsBody">Whether the body of an answer with this status is read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<PostAnswer> ExchangeAsync(
        OutgoingPost post, Func<int, bool> readsBody, CancellationToken cancellation)
    {
        using var activity = SendingDiagnostics.Activities.StartActivity(
            $"post {post.Service}", ActivityKind.Producer, post.Cause);
        activity?.SetTag("wikibus.service", post.Service);
        activity?.SetTag("messaging.batch.message_count", post.EventCount);
        var start = time.GetTimestamp();
        var answer = await TryExchangeAsync(post, readsBody, cancellation).ConfigureAwait(false);

        diagnostics.Answered(post, answer.Status, time.GetElapsedTime(start));
        if (!IsAccepted(answer.Status))
        {
            activity?.SetStatus(ActivityStatusCode.Error, answer.Text);
        }

        return answer;
    }

    private async Task<PostAnswer> TryExchangeAsync(
        OutgoingPost post, Func<int, bool> readsBody, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(post.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = RequestOf(post);
            using var response = await clients.CreateClient(HttpClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            var bytesMax = AnswerBytesMax + ((long)AnswerFactorMax * post.Body.Length);
            return new PostAnswer(
                status,
                string.Create(CultureInfo.InvariantCulture, $"{status}: {response.ReasonPhrase}"),
                readsBody(status)
                    ? await ReadAsync(response.Content, bytesMax, either.Token, cancellation).ConfigureAwait(false)
                    : null,
                RetryAfter(response.Headers.RetryAfter));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Handlers that the wiki adds to the HTTP client may throw anything.
            return new PostAnswer(null, timeout.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {post.Timeout.TotalSeconds} s")
                : exception.Message);
        }
    }

    private static HttpRequestMessage RequestOf(OutgoingPost post)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, post.Url)
        {
            Content = new ReadOnlyMemoryContent(post.Body),
        };
        request.Options.Set(PostKey, post);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(post.ContentType);
        foreach (var (name, value) in post.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(
        HttpContent content, long bytesMax, CancellationToken timeout, CancellationToken cancellation)
    {
        try
        {
            await content.LoadIntoBufferAsync(bytesMax, timeout).ConfigureAwait(false);
            return await content.ReadAsByteArrayAsync(timeout).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? value) =>
        value?.Delta ?? (value?.Date is { } date ? date - time.GetUtcNow() : null);

    private static bool IsAccepted(int? status) => status is >= 200 and < 300 and not (int)HttpStatusCode.MultiStatus;

    private static PostResult Judge(OutgoingPost post, PostAnswer answer)
    {
        if (IsAccepted(answer.Status))
        {
            return new PostResult(post.Service, answer.Status, post.EventCount, 0, null);
        }

        var failed = answer.Body is { } body ? CountRefused(post, body) : post.EventCount;
        return new PostResult(post.Service, answer.Status, post.EventCount - failed, failed, answer.Text);
    }

    // The answer is {"invalid":[…],"error":[…]}. If it is anything else, no event counts as accepted.
    private static int CountRefused(OutgoingPost post, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var count = json.RootElement.EnumerateObject()
                .Where(list => list.Value.ValueKind == JsonValueKind.Array)
                .Sum(list => list.Value.GetArrayLength());
            return count == 0 ? post.EventCount : Math.Min(count, post.EventCount);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return post.EventCount;
        }
    }
}
