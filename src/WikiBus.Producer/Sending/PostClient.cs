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

    // A service lists the events that it refused together with their text.
    private const int AnswerBytesMax = 16 << 20;

    private readonly ConcurrentDictionary<string, PostResult> _last = new(StringComparer.Ordinal);

    /// <summary>The last result of each service.</summary>
    public IEnumerable<PostResult> LastResults => _last.Values;

    /// <summary>Posts the events. Only <paramref name="cancellation"/> makes it throw.</summary>
    public async Task<PostResult> PostAsync(OutgoingPost post, CancellationToken cancellation)
    {
        using var activity = SendingDiagnostics.Activities.StartActivity(
            $"post {post.Service}", ActivityKind.Producer, post.Cause);
        activity?.SetTag("wikibus.service", post.Service);
        activity?.SetTag("messaging.batch.message_count", post.EventCount);
        var start = time.GetTimestamp();
        var result = await TryPostAsync(post, cancellation).ConfigureAwait(false);

        _last[post.Service] = result;
        diagnostics.Posted(post, result, time.GetElapsedTime(start));
        if (result.Error is { } error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error);
            logger.NotDelivered(error, post.Service, result.FailedCount, post.EventCount);
        }

        return result;
    }

    private async Task<PostResult> TryPostAsync(OutgoingPost post, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(post.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = RequestOf(post);
            using var answer = await clients.CreateClient(HttpClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return await JudgeAsync(post, answer, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Handlers that the wiki adds to the HTTP client may throw anything.
            var error = timeout.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {post.Timeout.TotalSeconds} s")
                : exception.Message;
            return new PostResult(post.Service, null, 0, post.EventCount, error);
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

    private static async Task<PostResult> JudgeAsync(
        OutgoingPost post, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        if (status < 300 && answer.StatusCode != HttpStatusCode.MultiStatus)
        {
            return new PostResult(post.Service, status, post.EventCount, 0, null);
        }

        var failed = answer.StatusCode == HttpStatusCode.MultiStatus
            ? await CountRefusedAsync(post, answer.Content, cancellation).ConfigureAwait(false)
            : post.EventCount;
        var error = string.Create(CultureInfo.InvariantCulture, $"{status}: {answer.ReasonPhrase}");
        return new PostResult(post.Service, status, post.EventCount - failed, failed, error);
    }

    // The answer is {"invalid":[…],"error":[…]}. If it is anything else, no event counts as accepted.
    private static async Task<int> CountRefusedAsync(
        OutgoingPost post, HttpContent content, CancellationToken cancellation)
    {
        try
        {
            await content.LoadIntoBufferAsync(AnswerBytesMax, cancellation).ConfigureAwait(false);
            using var json = await JsonDocument.ParseAsync(
                await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false),
                cancellationToken: cancellation).ConfigureAwait(false);
            var count = json.RootElement.EnumerateObject()
                .Where(list => list.Value.ValueKind == JsonValueKind.Array)
                .Sum(list => list.Value.GetArrayLength());
            return count == 0 ? post.EventCount : Math.Min(count, post.EventCount);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return post.EventCount;
        }
    }
}
